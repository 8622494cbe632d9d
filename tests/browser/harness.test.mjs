// The harness itself: a check that finds nothing on a bad page proves nothing on a good one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { borough, checkAccessibility, noOverflow, PHONE } from './harness.mjs';

const house = borough({ demo: false });

const document = (body) => `<!doctype html><html lang="en"><head><title>Weft</title></head><body>${body}</body></html>`;

test('a page wider than a phone is found', async () => {
  const page = await house.page(PHONE);
  await page.setContent(document('<main><h1>Wide</h1><table><tr><td style="min-width: 900px">x</td></tr></table></main>'));
  await assert.rejects(noOverflow(page), /wider than the screen/);
});

test('an unlabelled field is found', async () => {
  const page = await house.page();
  await page.setContent(document('<main><h1>Form</h1><input type="text"></main>'));
  await assert.rejects(checkAccessibility(page), /label/);
});

test('a good page passes both checks', async () => {
  const page = await house.page(PHONE);
  await page.setContent(document('<main><h1>Form</h1><label>Name <input type="text"></label></main>'));
  await noOverflow(page);
  await checkAccessibility(page);
});

test('what a page says on the console is heard', async () => {
  const page = await house.page();
  await page.setContent(document('<main><h1>Loud</h1></main>'));
  await page.evaluate(() => console.error('something broke'));
  const faults = house.takeFaults();
  assert.equal(faults.length, 1);
  assert.match(faults[0], /console error: something broke/);
});

test('a script that the policy refuses is heard', async () => {
  const page = await house.page();
  const policy = `<meta http-equiv="Content-Security-Policy" content="script-src 'none'">`;
  await page.setContent(document('<main><h1>Refused</h1></main>').replace('<title>', `${policy}<title>`));
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
  });
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.match(house.takeFaults().join('\n'), /Content Security Policy/);
});
