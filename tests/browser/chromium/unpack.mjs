// Unpacks the Chromium of the npm package, with its libraries and fonts, into TMPDIR.
import { inflate } from "@sparticuz/chromium";

const packed = new URL("node_modules/@sparticuz/chromium/bin/", import.meta.url).pathname;
for (const part of ["chromium.br", "swiftshader.tar.br", "al2023.tar.br", "fonts.tar.br"]) {
  await inflate(packed + part);
}
