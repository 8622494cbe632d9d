// The page about the FHIR API, as somebody who writes programs finds it: from About, without signing in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, PHONE, borough, checkPage } from './harness.mjs';

const house = borough();

test('the page about the API is found from About and its first call works as written', async () => {
  for (const viewport of [DESKTOP, PHONE]) {
    const page = await house.page(viewport);
    await page.goto('/about');
    await page.getByRole('link', { name: 'FHIR API' }).click();
    await page.getByRole('heading', { level: 1, name: 'FHIR API' }).waitFor();
    await checkPage(page);
  }
  // What the page tells a program to send: its address, its header and its form.
  const page = await house.page();
  await page.goto('/fhir');
  const call = await page.getByRole('region', { name: 'How to get a token' }).innerText();
  const [, address, , header, form] = call.match(/curl -s (\S+) -H ('|")(.+?)\2 -d (\S+)/);
  assert.ok(address.startsWith(house.address), address);
  const [name, value] = header.split(': ');
  const answer = await fetch(address, { method: 'POST', headers: { [name]: value }, body: new URLSearchParams(form) });
  const { access_token: token } = await answer.json();
  const found = await fetch(`${house.address}/fhir/Patient/_search`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: new URLSearchParams({ family: 'Ashworth' }),
  });
  assert.ok((await found.json()).entry.length > 0);
});
