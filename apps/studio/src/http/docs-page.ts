/** One page without any file beside it: reads openapi.json and lists the operations. Text only ever enters it as text. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sluice Studio API</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
  h2 { margin-top: 2.5rem; text-transform: capitalize }
  details { border: 1px solid #8886; border-radius: .4rem; margin: .4rem 0; padding: .4rem .8rem }
  summary { cursor: pointer; display: flex; gap: .8rem; align-items: baseline; flex-wrap: wrap }
  summary b { font-family: ui-monospace, monospace; min-width: 4rem }
  code, pre { font: 13px/1.45 ui-monospace, monospace }
  pre { overflow: auto; background: #8881; padding: .8rem; border-radius: .4rem }
  small { opacity: .75; margin-left: auto }
</style>
<h1>Sluice Studio API</h1>
<p id="about"></p>
<p>The same as a document: <a href="/api/v1/openapi.json">openapi.json</a></p>
<main id="operations">Loading …</main>
<script>
  const make = (tag, text, ...children) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    element.append(...children);
    return element;
  };
  const block = (title, value) => value === undefined ? [] : [make('h4', title), make('pre', JSON.stringify(value, null, 2))];
  const operation = (path, method, route) => {
    const summary = make('summary', undefined, make('b', method.toUpperCase()), make('code', path), make('span', route.summary ?? ''), make('small', route['x-scope'] ?? ''));
    const body = route.requestBody?.content['application/json'].schema;
    const answers = Object.entries(route.responses).filter(([status]) => status !== 'default');
    return make('details', undefined, summary,
      ...block('Parameters', route.parameters.length ? route.parameters : undefined),
      ...block('Body', body),
      ...answers.flatMap(([status, answer]) => block('Answer ' + status, answer.content?.['application/json'].schema ?? answer.description)));
  };
  fetch('/api/v1/openapi.json').then((answer) => answer.json()).then((api) => {
    document.getElementById('about').textContent = api.info.description;
    const byTag = new Map();
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, route] of Object.entries(methods)) {
        const tag = route.tags[0];
        byTag.set(tag, [...(byTag.get(tag) ?? []), operation(path, method, route)]);
      }
    }
    const sections = [...byTag].map(([tag, operations]) => make('section', undefined, make('h2', tag), ...operations));
    document.getElementById('operations').replaceChildren(...sections);
  }, (error) => { document.getElementById('operations').textContent = String(error); });
</script>
</html>
`;
