"""`python -m fairlead.newkey` prints a new key for FAIRLEAD["ENCRYPTION_KEYS"]."""

import sys

from cryptography.fernet import Fernet

if __name__ == "__main__":
    sys.stdout.write(f"{Fernet.generate_key().decode()}\n")
