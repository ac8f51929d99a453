// Runs Lighthouse once, in its mobile profile, on one page; prints what each category scores.
//
// audit.mjs <how the browser is started, as JSON> <address> <cookie, or "">
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices"];
const [started, address, cookie] = process.argv.slice(2);
const { executable_path: chromePath, env: envVars } = JSON.parse(started);
const browser = await launch({
  chromePath,
  envVars: { ...process.env, ...envVars },
  chromeFlags: ["--headless", "--no-sandbox"],
});
const { lhr } = await lighthouse(address, {
  port: browser.port,
  onlyCategories: CATEGORIES,
  extraHeaders: cookie ? { Cookie: cookie } : {},
});
browser.kill();
if (lhr.runtimeError) {
  throw new Error(lhr.runtimeError.message);
}
const scored = CATEGORIES.map((name) => [name, Math.round(lhr.categories[name].score * 100)]);
const failed = Object.values(lhr.audits).filter(({ score }) => score !== null && score < 0.9);
console.log(
  JSON.stringify({
    at: lhr.finalDisplayedUrl,
    scores: Object.fromEntries(scored),
    failed: failed.map(({ id, displayValue }) => [id, displayValue ?? ""]),
  }),
);
