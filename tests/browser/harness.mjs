// What every story shares: a demo borough of its own, a real browser, and the checks that no page may fail.
// Holds no story and knows no page by heart but the sign-in; a story says what a person does.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// A borough and a browser for one file of stories. Call it once at the top of the file. With `people` there are so many of the
// synthetic borough beside the samples; below five hundred nothing is learnt of how people are told apart.
// After each test every page is looked at for what went wrong in silence: errors on the console, refused scripts,
// failed answers, requests that leave this machine.
export function borough({ demo = true, people = 0 } = {}) {
  const house = { address: '', open: [], browser: undefined, weft: undefined };

  before(async () => {
    house.browser = await launch();
    if (demo) {
      house.weft = await startDemo(people);
      house.address = house.weft.address;
    }
  });
  afterEach(async () => {
    const pages = house.open.splice(0);
    const faults = pages.flatMap(({ faults }) => faults);
    await Promise.all(pages.map(({ context }) => context.close()));
    assert.deepEqual(faults, [], 'pages must be quiet: no console messages, refusals, failed answers or outside requests');
  });
  after(async () => {
    await house.browser?.close();
    await house.weft?.stop();
  });

  return {
    get address() {
      return house.address;
    },
    // A fresh person at a screen of this size: no cookies, nothing remembered.
    async page(viewport = DESKTOP, { javaScript = true } = {}) {
      const context = await house.browser.newContext({
        baseURL: house.address || undefined,
        viewport,
        javaScriptEnabled: javaScript,
        locale: 'en-GB',
        timezoneId: 'Europe/London',
        reducedMotion: 'reduce',
      });
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      const faults = [];
      listen(page, faults, house.address);
      house.open.push({ context, faults });
      return page;
    },
    // What has gone wrong on the pages of this test so far; taking it means it was expected.
    takeFaults() {
      return house.open.flatMap(({ faults }) => faults.splice(0));
    },
  };
}

async function launch() {
  const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const executablePath = process.env.CHROMIUM || usual.find((path) => existsSync(path));
  assert.ok(executablePath, 'There is no Chromium: install it, or say where it is in CHROMIUM.');
  return chromium.launch({ executablePath, args: FLAGS });
}

// Starts the demo in a folder that goes away with it, on a port that the machine chooses.
async function startDemo(people) {
  const binary = process.env.WEFT_BIN;
  assert.ok(binary, 'WEFT_BIN must name the binary: run these stories with `cargo xtask browser`.');
  const data = await mkdtemp(join(tmpdir(), 'weft-browser-'));
  const child = spawn(binary, ['demo', '--people', String(people), '--data', data, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let said = '';
  const spoken = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        said = (said + text).slice(-20_000);
        const found = said.match(/http:\/\/127\.0\.0\.1:\d+(?=\D)/);
        if (found) {
          resolve(found[0]);
        }
      });
    }
  });
  const failed = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The demo ended (${code}) before it printed an address. It said:\n${said}`)));
  });
  // Rejected when the demo ends at its proper time, when nobody waits for it any more.
  failed.catch(() => {});
  const late = setTimeout(() => child.kill('SIGKILL'), 120_000);
  const address = await Promise.race([spoken, failed])
    .catch(async (error) => {
      await rm(data, { recursive: true, force: true });
      throw error;
    })
    .finally(() => clearTimeout(late));
  return {
    address,
    async stop() {
      child.kill('SIGTERM');
      const stubborn = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(stubborn);
      await rm(data, { recursive: true, force: true });
    },
  };
}

function listen(page, faults, address) {
  page.on('console', (message) => faults.push(`console ${message.type()}: ${message.text()} (${page.url()})`));
  page.on('pageerror', (error) => faults.push(`script error: ${error.message} (${page.url()})`));
  page.on('response', (answer) => {
    if (answer.status() >= 500) {
      faults.push(`answer ${answer.status()}: ${answer.url()}`);
    }
  });
  page.on('request', (request) => {
    const url = request.url();
    if (/^(https?|wss?):/.test(url) && address && !url.startsWith(`${address}/`)) {
      faults.push(`a request left this machine: ${url}`);
    }
    if (namesAPerson(url)) {
      faults.push(`an NHS number in an address: ${url}`);
    }
  });
}

// Addresses are logged by everything on the way, so they carry no identifiers. Opaque ids are not looked into.
function namesAPerson(url) {
  const { pathname, search } = new URL(url);
  const text = decodeURIComponent(pathname + search).replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '');
  return /\b\d{3}[ +-]?\d{3}[ +-]?\d{4}\b/.test(text);
}

// Signs in as the demo's person of this role.
export async function signIn(page, role) {
  await page.goto('/');
  const card = page.getByRole('listitem').filter({ has: page.locator('strong').filter({ hasText: role }) });
  await card.first().getByRole('button', { name: /^Sign in as/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor({ state: 'attached' });
}

// Goes by the menu, which on a narrow screen folds what does not fit behind "More".
export async function go(page, name) {
  const menu = page.getByRole('navigation', { name: 'Menu' });
  const link = menu.getByRole('link', { name, exact: true });
  if (!(await link.isVisible())) {
    await menu.getByRole('button', { name: /more/i }).click();
  }
  await link.click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

// Finds people by name; the list of those found.
export async function find(page, typed) {
  await go(page, 'Find a person');
  await page.getByLabel('Name', { exact: true }).fill(typed);
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  return page.getByRole('region', { name: /found/i });
}

// Finds a person and opens the record.
export async function openRecord(page, { typed, shown }) {
  const found = await find(page, typed);
  await found.getByRole('link', { name: shown }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Record' }).waitFor();
}

// The banner that says whose record this is.
export function banner(page) {
  return page.getByRole('region', { name: 'Whose record this is' });
}

// WCAG 2.2 AA and the best practices that axe can judge: not one violation.
export async function checkAccessibility(page) {
  await page.evaluate(await axeSource());
  const violations = await page.evaluate(async (rules) => {
    const found = await globalThis.axe.run(document, {
      runOnly: { type: 'tag', values: rules },
      resultTypes: ['violations'],
    });
    return found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`);
  }, RULES);
  assert.deepEqual(violations, [], `accessibility of ${page.url()}`);
}

let axe;
async function axeSource() {
  axe ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  return axe;
}

// Nothing is wider than the screen, so nobody has to scroll sideways to read.
export async function noOverflow(page) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= window.innerWidth) {
      return [];
    }
    const beyond = [...document.querySelectorAll('body *')].filter((node) => node.getBoundingClientRect().right > width + 1);
    return beyond.slice(0, 5).map((node) => node.outerHTML.slice(0, 120)).concat(`page is ${document.documentElement.scrollWidth} wide`);
  });
  assert.deepEqual(wide, [], `${page.url()} is wider than the screen`);
}

// Every check that holds for every page.
export async function checkPage(page) {
  await page.getByText(/demonstration data/i).first().waitFor();
  await noOverflow(page);
  await checkAccessibility(page);
}

// A picture for the documents, drawn only when asked for.
export async function screenshot(page, name, { fullPage = false } = {}) {
  if (process.env.WEFT_SCREENSHOTS === '1') {
    await mkdir(IMAGES, { recursive: true });
    await page.screenshot({ path: join(IMAGES, `${name}.png`), fullPage, animations: 'disabled' });
  }
}
