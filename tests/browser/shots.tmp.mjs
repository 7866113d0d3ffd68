import { chromium } from "@playwright/test";
import { bring, policy, shop, deployment, documents } from "./manifests.mjs";
import config from "./playwright.config.mjs";
import { serve } from "./server.mjs";
const server = await serve();
const browser = await chromium.launch(config.use.launchOptions);
const shot = async (name, {w=1440,h=900,scheme="dark",at="",act}={}) => {
  const page = await browser.newPage({ viewport: {width:w,height:h}, colorScheme: scheme });
  page.on("console",m=>console.log(name,m.type(),m.text())); page.on("pageerror",e=>console.log(name,String(e)));
  await page.goto(`${server.origin}/${at}`); await page.locator(".shell").waitFor({state:"detached"});
  try { if (act) await act(page); } catch (e) { console.log(name, String(e).slice(0,600)); }
  await page.waitForTimeout(900);
  await page.screenshot({path:`/tmp/shots/${name}.png`}); console.log(name, page.url().slice(-100)); await page.close();
};
await shot("ask",{at:"#/workshop-v2?on=7f",act:async p=>{await p.getByRole("button",{name:"Ask about a call"}).click(); await p.getByRole("combobox",{name:"From"}).fill("frontend/client"); await p.getByRole("combobox",{name:"To",exact:true}).fill("queue.infrastructure"); await p.getByRole("textbox",{name:"Port"}).fill("5000"); await p.getByRole("button",{name:"Explain"}).click(); }});
await shot("exposure",{at:"#/workshop-v2?on=7f",scheme:"light",act:async p=>{await p.getByRole("switch",{name:"Exposure"}).click(); await p.getByRole("button",{name:"Matrix",exact:true}).click(); await p.waitForTimeout(1500);}});
await shot("compare",{at:"#/workshop-v2?on=3",act:async p=>{await p.getByRole("button",{name:"Compare",exact:true}).click(); await p.getByRole("button",{name:"Compare with this state"}).click(); await p.getByRole("switch",{name:"facade-policy"}).click();await p.getByRole("switch",{name:"allow-management-ui"}).click(); await p.waitForTimeout(1500);}});
await shot("expect",{at:"#/workshop-v2?on=3",w:1024,h:768,scheme:"light",act:async p=>{await p.getByRole("button",{name:"Expectations"}).click(); await p.getByRole("button",{name:"Expect what is so now"}).click(); await p.waitForTimeout(1000); await p.getByRole("switch",{name:"facade-policy"}).click(); await p.waitForTimeout(1500);}});
await shot("menu",{at:"#/workshop-v2?on=3",act:async p=>{await p.getByText("Take away").click();}});
await browser.close(); await server.stop();
