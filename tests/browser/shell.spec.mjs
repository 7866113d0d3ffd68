// The frame around the program: what is seen before it runs, when it cannot run, and when it has stopped.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { firstLoad } from "../../scripts/size.mjs";
import { expect, test, violations } from "./playground.mjs";
import { dist } from "./server.mjs";

const failure = (page) => page.getByRole("alert");
const hold = (page) => page.route("**/*.wasm", () => {});

test("runs in a sub-folder", async ({ open }) => {
  await open();
});

test("runs at the root", async ({ page, origin }) => {
  await page.goto(origin);
  await expect(page.locator(".shell")).toHaveCount(0);
});

test("the first load is what the budget counts", async ({ page, open, baseURL }) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url().replace(baseURL, "") || "index.html"));
  await open();
  expect(asked.filter((file) => !firstLoad(dist).includes(file))).toEqual([]);
  // Browsers ask for the icon again when the address changes, which the program completes.
  const twice = asked.filter((file, i) => asked.indexOf(file) < i && !file.endsWith(".svg"));
  expect(twice, "loaded twice").toEqual([]);
});

test("no script may run but those of the page", () => {
  const page = readFileSync(join(dist, "index.html"), "utf8");
  expect(page).toContain("script-src 'self' 'wasm-unsafe-eval';");
  expect(page).not.toContain("nonce");
});

for (const theme of ["light", "dark"]) {
  const other = theme === "light" ? "dark" : "light";
  const background = { light: "rgb(247, 248, 251)", dark: "rgb(16, 20, 31)" }[theme];

  test(`the frame is there before the program, ${theme} as the system`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await hold(page);
    await page.goto("./");
    await expect(page.getByRole("banner")).toHaveText("✦ NetworkPolicy playground");
    await expect(page.locator("html")).toHaveCSS("background-color", background);
    expect(await violations(page)).toEqual([]);
  });

  test(`the frame is there before the program, ${theme} as chosen`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: other });
    await page.addInitScript((chosen) => localStorage.setItem("netpol.theme", chosen), theme);
    await hold(page);
    await page.goto("./");
    await expect(page.locator("html")).toHaveCSS("background-color", background);
  });
}

test.describe("the program panics", () => {
  test.use({ provoked: [/unreachable/] });

  test("its words are shown", async ({ page }) => {
    await page.addInitScript(() => (document.getElementById = () => null));
    await page.goto("./");
    await expect(failure(page)).toContainText(/The playground stopped.*index\.html has #app/s);
  });
});

test("a failure is shown, the first only, and a reload keeps the address", async ({ page, open }) => {
  await open("#/workshop/7");
  await page.evaluate(() => {
    window.netpolFailed("the first");
    window.netpolFailed("the second");
  });
  await expect(failure(page)).toHaveCount(1);
  await expect(failure(page)).toContainText(/The playground stopped.*the first/);
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(failure(page)).toHaveCount(0);
  expect(page.url()).toContain("#/workshop/7");
});

test("a browser without WebAssembly is told so", async ({ page }) => {
  await page.addInitScript(() => delete window.WebAssembly);
  await page.goto("./");
  await expect(failure(page)).toContainText("This browser does not run WebAssembly");
});

test("without scripts the page says so", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("./");
  await expect(page.locator("noscript p")).toBeVisible();
  await expect(page.locator(".shell-late")).toBeHidden();
  await context.close();
});

test.describe("something does not load", () => {
  test.use({ provoked: [/Failed to load resource|Failed to fetch|CompileError/] });

  for (const [part, pattern] of [
    ["program", "**/*.wasm"],
    ["program's script", "**/netpol-playground-*.js"],
  ]) {
    test(`the ${part} is not on the server`, async ({ page }) => {
      await page.route(pattern, (route) => route.fulfill({ status: 404 }));
      await page.goto("./");
      await expect(failure(page)).toContainText("A part of it could not be loaded");
    });

    test(`the ${part} does not come through`, async ({ page }) => {
      await page.route(pattern, (route) => route.abort());
      await page.goto("./");
      await expect(failure(page)).toContainText("A part of it could not be loaded");
    });
  }

  test("the program is not one", async ({ page }) => {
    await page.route("**/*.wasm", (route) => route.fulfill({ contentType: "application/wasm", body: "<html>" }));
    await page.goto("./");
    await expect(failure(page)).toContainText("The browser refused the program");
  });

  test("not even the first script loads", async ({ page }) => {
    await page.route("**/boot-*.js", (route) => route.abort());
    await page.goto("./");
    const notice = page.getByText("Still loading");
    await expect(notice).toBeHidden();
    await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
    await expect(notice).toBeVisible();
  });
});
