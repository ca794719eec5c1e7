// Renders each line of input ({"lines": [...]}) with docxtemplater as documented;
// answers {"ms": time in this process, "data": the Word file in base64}.
const { readFileSync } = require("fs");
const readline = require("readline");
const PizZip = require("pizzip");
const Docxtemplater = require("docxtemplater");

function render(path, data) {
  const zip = new PizZip(readFileSync(path, "binary"));
  const document = new Docxtemplater(zip, { paragraphLoop: true, linebreaks: true });
  document.render(data);
  return document.toBuffer();
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const data = JSON.parse(line);
  const start = performance.now();
  const file = render(process.argv[2], data);
  const ms = performance.now() - start;
  process.stdout.write(JSON.stringify({ ms, data: file.toString("base64") }) + "\n");
});
