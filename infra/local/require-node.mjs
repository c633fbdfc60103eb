// Plain JavaScript, and loaded before anything else: an older Node.js can't even read the TypeScript that follows.
const NEEDED = 24;
const [major] = process.versions.node.split('.');
if (Number(major) < NEEDED) {
  process.stderr.write(
    `Annals needs Node.js ${NEEDED}, and this is ${process.versions.node}: run npm ci, which brings it along, then npm start.\n`,
  );
  process.exit(1);
}
