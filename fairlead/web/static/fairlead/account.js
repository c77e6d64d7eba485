// A preview of the chosen picture, and dropping one onto the form. Everything works without this file.
const form = document.querySelector("[data-picture]");
const input = form?.querySelector("input[type=file]");

function preview() {
  const file = input.files[0];
  if (!file || !file.type.startsWith("image/")) return;
  const shown = form.querySelector(".avatar");
  const image = document.createElement("img");
  image.className = "avatar";
  image.width = image.height = 80;
  image.alt = form.dataset.picture;
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  shown.replaceWith(image);
}

if (input) {
  input.addEventListener("change", preview);
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    form.addEventListener(name, () => form.classList.remove("over"));
  }
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    preview();
  });
}
