// Ways by which a mail could run something or call home, each naming itself in the address that it would ask for.
const run = (name: string): string => `console.log('RAN:${name}');alert('RAN:${name}')`;
const deep = 600;

/** What is an image is loaded when one asks for images; nothing else ever is. */
export interface Vector {
  name: string;
  isImage: boolean;
  html: string;
}

/**
 * Loads nothing in today's Chromium, on an unguarded page either: gone from it, not built, left out where it is driven
 * (connecting ahead; test/mail/frame.test.ts holds that), or harmless by itself. They stay, for other browsers and for what comes back.
 */
export const silentAlone: readonly string[] =
  'template meta-refresh-script meta-dns applet frameset portal link-prerender link-dns-prefetch link-icon link-manifest html-manifest xml-stylesheet csp-report data-url embed-script object-param img-data-svg css-svg marquee speculation attribution mathml-link mutation-math cid-attribute cid-path set-cookie own-server attributes link-top area svg-use dialog link-preconnect link-hidden link-entities'.split(
    ' ',
  );

/** Does something once it is clicked; the element has the name as its id. */
export const clicked: readonly string[] =
  'ping form formaction formaction-script javascript javascript-spaced svg-link data-url link-top popover area attribution mathml-link'.split(
    ' ',
  );

export function makeVectors(canary: string): Vector[] {
  const vectors: Vector[] = [];
  const url = (name: string): string => `${canary}/${name}`;
  const never = (name: string, make: (address: string, script: string) => string): void =>
    void vectors.push({ name, isImage: false, html: make(url(name), run(name)) });
  const image = (name: string, make: (address: string) => string): void =>
    void vectors.push({ name, isImage: true, html: make(url(name)) });

  image('img', (u) => `<img src="${u}">`);
  image('img-unquoted', (u) => `<img src=${u}>`);
  image('img-entities', (u) => `<img src="${u.replace('http', '&#104;ttp')}">`);
  image('img-relative-scheme', (u) => `<img src="${u.replace('http:', '')}">`);
  image('img-srcset', (u) => `<img srcset="${u} 1x">`);
  image('picture', (u) => `<picture><source srcset="${u}"><img alt=""></picture>`);
  image('input-image', (u) => `<input type="image" src="${u}">`);
  image('table-background', (u) => `<table background="${u}"><tr><td>x</td></tr></table>`);
  image('style-background', (u) => `<p style="background:url(${u})">x</p>`);
  image('style-escaped', (u) => `<p style="background:\\75rl('${u}')">x</p>`);
  image('style-image-set', (u) => `<p style="background-image:image-set('${u}' 1x)">x</p>`);
  image('style-list', (u) => `<ul><li style="list-style-image:url('${u}')">x</li></ul>`);
  image('style-content', (u) => `<style>.c::before{content:url('${u}')}</style><p class="c">x</p>`);
  image('style-border', (u) => `<p style="border:9px solid;border-image-source:url('${u}')">x</p>`);
  image('video-poster', (u) => `<video poster="${u}" width="9" height="9"></video>`);
  image('svg-image', (u) => `<svg width="9" height="9"><image href="${u}" width="9" height="9"/></svg>`);
  image(
    'svg-xlink',
    (u) => `<svg width="9" height="9"><image xlink:href="${u}" width="9" height="9"/></svg>`,
  );

  image('body-background', (u) => `<body background="${u}">`);
  image('style-mask', (u) => `<p style="mask-image:url('${u}')">x</p>`);
  image('style-shape', (u) => `<p style="float:left;shape-outside:url('${u}')">x</p>`);
  image('style-comment', (u) => `<p style="background:/**/url('${u}')">x</p>`);
  image('style-variable', (u) => `<p style="--u:url('${u}');background:var(--u)">x</p>`);
  image('svg-feimage', (u) => `<svg><filter id="fe"><feImage href="${u}"/></filter></svg>`);
  image('img-attributes', (u) => `<img/src='${u}'/alt="a"onerror=x>`);

  never('script', (u, run) => `<script>${run}</script><script src="${u}"></script>`);
  never('script-module', (u) => `<script type="module">import '${u}'</script>`);
  never('img-onerror', (_, run) => `<img src="data:," onerror="${run}">`);
  never('body-onload', (_, run) => `<body onload="${run}">`);
  never('details-ontoggle', (_, run) => `<details open ontoggle="${run}">x</details>`);
  never('autofocus', (_, run) => `<input autofocus onfocus="${run}">`);
  never(
    'animation',
    (_, run) => `<style>@keyframes k{}</style><p style="animation:k 1s" onanimationstart="${run}">x`,
  );
  never('svg-onload', (_, run) => `<svg onload="${run}"></svg>`);
  never('svg-script', (u) => `<svg><script href="${u}"></script></svg>`);
  never('svg-use', (u) => `<svg><use href="${u}#a"/></svg>`);
  never('svg-animate', (_, run) => `<svg><animate onbegin="${run}" attributeName="x" dur="1s"/></svg>`);
  never('svg-foreign', (u) => `<svg><foreignObject><iframe src="${u}"></iframe></foreignObject></svg>`);
  never('mathml', (_, run) => `<math><mtext><img src="data:," onerror="${run}"></mtext></math>`);
  never('noscript', (_, run) => `<noscript><p title="</noscript><img src=data: onerror=${run}>"></noscript>`);
  never('template', (u) => `<template><img src="${u}"></template>`);
  never('meta-refresh', (u) => `<meta http-equiv="refresh" content="0;url=${u}">`);
  never('meta-refresh-script', (_, run) => `<meta http-equiv="refresh" content="0;url=javascript:${run}">`);
  never('meta-dns', (u) => `<meta http-equiv="x-dns-prefetch-control" content="on"><a href="${u}">x</a>`);
  never('base', (u) => `<base href="${u}/"><img src="relative.png">`);
  never('iframe', (u) => `<iframe src="${u}"></iframe>`);
  never(
    'iframe-srcdoc',
    (u, run) => `<iframe srcdoc="&lt;img src='${u}'&gt;&lt;script&gt;${run}&lt;/script&gt;"></iframe>`,
  );
  never('iframe-script', (_, run) => `<iframe src="javascript:${run}"></iframe>`);
  never('object', (u) => `<object data="${u}"></object>`);
  never('embed', (u) => `<embed src="${u}">`);
  never('applet', (u) => `<applet code="${u}" archive="${u}"></applet>`);
  never('frameset', (u) => `<frameset><frame src="${u}"></frameset>`);
  never('portal', (u) => `<portal src="${u}"></portal><fencedframe src="${u}"></fencedframe>`);
  never('video', (u) => `<video src="${u}" autoplay muted></video>`);
  never('video-source', (u) => `<video autoplay muted><source src="${u}"><track default src="${u}"></video>`);
  never('audio', (u) => `<audio src="${u}" autoplay preload="auto"></audio>`);
  never('css-import', (u) => `<style>@import "${u}";@import url(${u});</style>`);
  never(
    'css-font',
    (u) => `<style>@font-face{font-family:F;src:url(${u})}.f{font-family:F}</style><p class="f">x</p>`,
  );
  for (const rel of [
    'stylesheet',
    'prefetch',
    'preload',
    'prerender',
    'preconnect',
    'dns-prefetch',
    'icon',
    'manifest',
    'modulepreload',
  ])
    never(`link-${rel}`, (u) => `<link rel="${rel}" href="${u}" as="image">`);
  never('link-hidden', (u) => `<svg><style><p><link rel=preconnect href="${u}"></style></svg>`);
  never('link-entities', (u) => `<link rel="pre&#99;onnect" href="${u}">`);
  never('link-imagesrcset', (u) => `<link rel="preload" as="image" imagesrcset="${u} 1x" href="">`);
  never('html-manifest', (u) => `<html manifest="${u}">`);
  never('xml-stylesheet', (u) => `<?xml-stylesheet href="${u}"?>`);
  never(
    'csp-report',
    (u) => `<meta http-equiv="Content-Security-Policy" content="font-src 'none'; report-uri ${u}">`,
  );
  never('ping', (u) => `<a id="ping" href="#top" ping="${u}">ping</a>`);
  never('form', (u) => `<form action="${u}" method="post"><button id="form">send</button></form>`);
  never('formaction', (u) => `<form><button id="formaction" formaction="${u}">send</button></form>`);
  never('javascript', (_, run) => `<a id="javascript" href="javascript:${run}">run</a>`);
  never('data-url', (_, run) => `<a id="data-url" href="data:text/html,<script>${run}</script>">run</a>`);
  never(
    'javascript-spaced',
    (_, run) => `<a id="javascript-spaced" href=" java\tscript&colon;${run}">run</a>`,
  );
  never(
    'svg-link',
    (_, run) => `<svg><a href="javascript:${run}"><text id="svg-link" y="20">run</text></a></svg>`,
  );
  never(
    'formaction-script',
    (_, run) => `<form><button id="formaction-script" formaction="javascript:${run}">run</button></form>`,
  );
  never('link-top', (u) => `<a id="link-top" target="_top" href="javascript:location='${u}'">top</a>`);
  never(
    'area',
    (u) => `<map><area id="area" href="javascript:location='${u}'" target="_parent" shape="default"></map>`,
  );
  never(
    'iframe-data',
    (u, run) => `<iframe src="data:text/html,<img src='${u}'><script>${run}</script>"></iframe>`,
  );
  never(
    'object-data',
    (u, run) => `<object data="data:text/html,<img src='${u}'><script>${run}</script>"></object>`,
  );
  never('embed-script', (_, run) => `<embed src="javascript:${run}">`);
  never('object-param', (u) => `<object type="text/html"><param name="src" value="${u}"></object>`);
  never(
    'img-data-svg',
    (u, run) =>
      `<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${run.replaceAll("'", '%22')}'><image href='${u}'/></svg>">`,
  );
  never(
    'css-svg',
    (u) =>
      `<p style="background:url(&quot;data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='${u}'/></svg>&quot;)">x</p>`,
  );
  image('css-filter', (u) => `<p style="filter:url('${u}#f');clip-path:url('${u}#c')">x</p>`);
  never('css-import-entity', (u) => `<svg><style>&#64;import "${u}";</style></svg>`);
  never('dialog', (_, run) => `<dialog open onfocusin="${run}"><input autofocus></dialog>`);
  never(
    'popover',
    (_, run) =>
      `<div popover id="pop" onbeforetoggle="${run}">x</div><button id="popover" popovertarget="pop">open</button>`,
  );
  never('marquee', (_, run) => `<marquee onstart="${run}" width="9">x</marquee>`);
  never('video-onerror', (_, run) => `<video src="data:," onerror="${run}"></video>`);
  never(
    'content-visibility',
    (_, run) => `<p oncontentvisibilityautostatechange="${run}" style="content-visibility:auto">x</p>`,
  );
  never(
    'shadow-template',
    (u, run) =>
      `<div><template shadowrootmode="open"><script>${run}</script><iframe src="${u}"></iframe></template></div>`,
  );
  never('speculation', (u) => `<script type="speculationrules">{"prefetch":[{"urls":["${u}"]}]}</script>`);
  never(
    'import-map',
    (u) =>
      `<script type="importmap">{"imports":{"x":"${u}"}}</script><script type="module">import 'x'</script>`,
  );
  never('attribution', (u) => `<a id="attribution" href="#top" attributionsrc="${u}">x</a>`);
  never(
    'mathml-link',
    (_, run) => `<math><mrow href="javascript:${run}"><mtext id="mathml-link">x</mtext></mrow></math>`,
  );
  // Parsed once they are something else than parsed twice; nothing here is parsed twice.
  never(
    'mutation-math',
    (_, run) =>
      `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=data: onerror=${run}&gt;"></table></math>`,
  );
  never('mutation-svg', (_, run) => `<svg></p><style><a id="</style><img src=data: onerror=${run}>"></svg>`);
  never(
    'mutation-comment',
    (_, run) => `<!--><img src=data: onerror=${run}>--><!--!><img src=data: onerror=${run}>--!>`,
  );
  never('mutation-title', (_, run) => `<title><!--</title><img src=data: onerror=${run}>--></title>`);
  never(
    'cid-attribute',
    (_, run) => `<img src="cid:x&quot; onerror=&quot;${run}"><img src='cid:"><script>${run}</script>'>`,
  );
  never('cid-path', (u) => `<img src="cid:../../${u}"><img src="cid:%2e%2e%2f${encodeURIComponent(u)}">`);
  never(
    'set-cookie',
    () => `<meta http-equiv="Set-Cookie" content="hostile=1"><meta http-equiv="refresh" content="9;url=/">`,
  );
  never(
    'own-server',
    () =>
      `<img src="/api/messages"><link rel="stylesheet" href="/api/messages"><iframe src="/inbox"></iframe>`,
  );
  never(
    'nesting',
    (u) => `${'<b><div><font>'.repeat(deep)}<iframe src="${u}"></iframe>${'</div>'.repeat(deep)}`,
  );
  never('tables', (u) => `${'<table><tr><td>'.repeat(400)}<object data="${u}">`);
  never('attributes', () => `<p ${Array.from({ length: 3000 }, (_, n) => `a${n}=1`).join(' ')}>x</p>`);
  return vectors;
}

/** Never closed, so it can only be the last of a mail: everything behind it would belong to it. */
export const unclosed = (canary: string): string =>
  `<iframe src="${canary}/unclosed"><noscript><textarea><title><a href='${canary}/unclosed-link" onclick="`;
