// What a page costs while nobody touches it, as the browser itself counts it.

/** How much a page works from now on, for so many seconds: milliseconds a second that its main thread works, and that
    scripts run among it. */
export async function work(page, seconds) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const spent = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    const found = Object.fromEntries(metrics.map(({ name, value }) => [name, 1000 * value]));
    return { work: found.TaskDuration, script: found.ScriptDuration };
  };
  const before = await spent();
  await page.waitForTimeout(1000 * seconds);
  const after = await spent();
  await devtools.detach();
  return { work: (after.work - before.work) / seconds, script: (after.script - before.script) / seconds };
}

/** How many frames a second the browser draws from now on, for so many seconds; of all its pages. Frames of the
    compositor count, which no script of a page hears of. */
export async function frames(browser, seconds) {
  const devtools = await browser.newBrowserCDPSession();
  let drawn = 0;
  devtools.on("Tracing.dataCollected", ({ value }) => {
    drawn += value.filter(({ name }) => name === "Display::DrawAndSwap").length;
  });
  const traceConfig = { includedCategories: ["viz"] };
  await devtools.send("Tracing.start", { transferMode: "ReportEvents", traceConfig });
  await new Promise((over) => setTimeout(over, 1000 * seconds));
  const told = new Promise((all) => devtools.once("Tracing.tracingComplete", all));
  await devtools.send("Tracing.end");
  await told;
  await devtools.detach();
  return drawn / seconds;
}
