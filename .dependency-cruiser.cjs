/** Rules inside and between projects that Nx tags cannot say. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'modules-through-their-index',
      comment: "A studio module is entered through its index.ts; only the list of entities and migrations looks inside.",
      severity: 'error',
      from: { path: '^apps/studio/src/modules/([^/]+)/', pathNot: '\\.(int-)?spec\\.ts$' },
      to: { path: '^apps/studio/src/modules/(?!$1/)[^/]+/', pathNot: '/index\\.ts$' },
    },
    {
      name: 'no-own-barrel',
      comment: 'Nobody imports the index.ts of the folder they are in.',
      severity: 'error',
      from: { path: '^(.+)/[^/]+\\.ts$', pathNot: '\\.(int-|e2e-)?spec\\.ts$' },
      to: { path: '^$1/index\\.ts$' },
    },
    {
      name: 'http-below-nothing',
      comment: 'Services never mention HTTP: what lies below controllers does not import them.',
      severity: 'error',
      from: { path: '\\.service\\.ts$' },
      to: { path: '\\.controller\\.ts$' },
    },
    {
      name: 'gateway-hot-path-without-nest',
      comment: 'A request to a plugin meets no Nest pipeline.',
      severity: 'error',
      from: { path: '^apps/edge-gateway/src/(endpoints|dispatch)/', pathNot: '(\\.module|\\.(int-)?spec)\\.ts$' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'packages-by-name',
      comment: 'Another project is imported by its package name, not by a path into it.',
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: { path: '^(libs|apps)/', pathNot: ['^$1/$2/', '^libs/[^/]+/src/index\\.ts$', '^libs/contracts/src/[^/]+\\.ts$', '^libs/plugin-runtime/src/testing/index\\.ts$'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'], exportsFields: ['exports'], conditionNames: ['types', 'require', 'node', 'default'] },
  },
};
