// Signing keys of the provider, in a file of its state folder so that a restart keeps them. The first of a kind signs.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(process.env.PANVA_STATE, 'keys.json');

function pair() {
  const made = [
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ];
  return made.map(([alg, { privateKey }]) => ({
    ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: randomBytes(8).toString('hex'),
  }));
}

export function load() {
  if (!existsSync(file)) save(pair());
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function rotate(removeOld) {
  save(removeOld ? pair() : [...pair(), ...load()]);
}

function save(keys) {
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
}
