// What every spec imports instead of @playwright/test: `page` is served the built page under a sub-path, and the
// test fails when the page complains on the console, throws, or asks another origin for anything.

import AxeBuilder from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";
import { serve } from "./server.mjs";

export { expect };

export const test = base.extend({
  /** Complaints that a test provokes on purpose: patterns, for `test.use({ provoked: [/404/] })`. */
  provoked: [[], { option: true }],

  origin: [
    async ({}, use) => {
      const server = await serve();
      await use(server.origin);
      await server.stop();
    },
    { scope: "worker" },
  ],

  baseURL: async ({ origin }, use) => use(`${origin}/sub/path/`),

  page: async ({ page, origin, provoked }, use) => {
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      const { protocol, origin: asked } = new URL(request.url());
      if (protocol.startsWith("http") && asked !== origin) complaints.push(`a request to ${request.url()}`);
    });
    await use(page);
    expect(complaints.filter((complaint) => !provoked.some((pattern) => pattern.test(complaint)))).toEqual([]);
  },

  /** `await open("#/workshop/7")`: opens the page at an address, and waits until the program has drawn. */
  open: async ({ page }, use) =>
    use(async (fragment = "") => {
      await page.goto(`./${fragment}`);
      await expect(page.locator(".shell")).toHaveCount(0);
    }),
});

/** What axe finds wrong with the page as it is now: one line a rule, with the elements that break it. */
export async function violations(page) {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}
