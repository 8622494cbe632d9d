// What the tests of signing in share: a server over the samples that knows some providers, browsers without a screen, and the
// log of that server. Holds no test.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SAMPLES = fileURLToPath(new URL('../../samples/demo/gp', import.meta.url));

// A port that was free a moment ago.
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// A server that knows these providers: `[[sign-in]]` tables as objects. `restart` stops it and starts it over the same data.
export async function house(providers) {
  const binary = process.env.WEFT_BIN;
  assert.ok(binary, 'WEFT_BIN must name the binary: run these tests with `cargo xtask sign-in`.');
  const data = await mkdtemp(join(tmpdir(), 'weft-sign-in-'));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  await writeFile(join(data, 'secret'), 'the secret of the tests, which no log may show\n');
  const value = (one) => JSON.stringify(one);
  const tables = providers.map((one) => {
    const fields = { 'secret-file': join(data, 'secret'), test: true, ...one };
    return `[[sign-in]]\n${Object.entries(fields).filter(([, field]) => field !== undefined).map(([name, field]) => `${name} = ${value(field)}`).join('\n')}\n`;
  });
  await writeFile(join(data, 'weft.toml'), `address = "${address}"\n\n[limits]\nsign_ins_a_minute = 0\n\n${tables.join('\n')}`);
  execFileSync(binary, ['import', '--data', data, SAMPLES], { stdio: 'ignore' });
  let child;
  const start = async () => {
    const log = openSync(join(data, 'log'), 'a');
    child = spawn(binary, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--log', 'debug'], {
      stdio: ['ignore', 'ignore', log],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.ended = ended;
    for (let tries = 0; tries < 300; tries += 1) {
      const answer = await fetch(`${address}/status`).catch(() => undefined);
      if (answer?.ok) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`The server did not begin to serve. It said:\n${await readFile(join(data, 'log'), 'utf8')}`);
  };
  const stop = async () => {
    child.kill('SIGTERM');
    const stubborn = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await child.ended;
    clearTimeout(stubborn);
  };
  await start();
  return {
    address,
    browser: () => new Browser(address),
    restart: async () => {
      await stop();
      await start();
    },
    // Without the colours that a terminal would get.
    log: async () => (await readFile(join(data, 'log'), 'utf8')).replace(/\u001b\[[0-9;]*m/g, ''),
    // The log's chain and every view against it.
    verify: () => execFileSync(binary, ['verify', '--data', data], { encoding: 'utf8' }),
    stop: async () => {
      await stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

export const SECRET = 'the secret of the tests, which no log may show';

// A browser without a screen: keeps cookies by host, and follows nothing by itself.
export class Browser {
  constructor(address) {
    this.address = address;
    this.cookies = new Map();
  }

  // One request; `site` is what a real browser says of where it comes from.
  async ask(url, { method = 'GET', form, site = 'none', headers = {} } = {}) {
    const whole = new URL(url, this.address);
    const jar = this.cookies.get(whole.host) ?? new Map();
    const answer = await fetch(whole, {
      method,
      redirect: 'manual',
      body: form && new URLSearchParams(form),
      headers: {
        cookie: [...jar].map(([name, kept]) => `${name}=${kept}`).join('; '),
        'sec-fetch-site': site,
        accept: 'text/html',
        ...headers,
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(';');
      const at = pair.indexOf('=');
      const [name, kept] = [pair.slice(0, at), pair.slice(at + 1)];
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line) || kept === '') {
        jar.delete(name);
      } else {
        jar.set(name, kept);
      }
    }
    this.cookies.set(whole.host, jar);
    const location = answer.headers.get('location');
    return {
      status: answer.status,
      to: location ? new URL(location, whole).href : undefined,
      text: await answer.text(),
      headers: answer.headers,
      url: whole.href,
    };
  }

  // Goes on until something other than a redirect answers, or `stop` says so of an address.
  async follow(url, stop = () => false) {
    let answer = await this.ask(url);
    for (let steps = 0; answer.to && !stop(answer.to) && steps < 20; steps += 1) {
      answer = await this.ask(answer.to, { site: 'cross-site' });
    }
    return answer;
  }

  get session() {
    return this.cookies.get(new URL(this.address).host)?.get('weft-session');
  }

  // What the first page says: whose it is, or that nobody is signed in.
  async first() {
    const answer = await this.ask('/');
    const { text } = answer.to ? await this.ask(answer.to) : answer;
    return text;
  }

  async signOut() {
    const [, token] = (await this.ask('/about')).text.match(/name="token" value="([^"]+)"/);
    return this.ask('/sign-out', { method: 'POST', form: { token }, site: 'same-origin' });
  }
}

// The address that a page leads on to by itself.
export function onward(text) {
  const [, to] = text.match(/http-equiv="refresh" content="0;url=([^"]+)"/) ?? [];
  return to?.replaceAll('&#38;', '&').replaceAll('&amp;', '&');
}
