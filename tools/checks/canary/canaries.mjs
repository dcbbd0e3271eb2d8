/**
 * Code that must fail lint. A rule that is switched off passes everything in silence (the Nx rule does so
 * when its project graph is missing), so the lint job fails when one of these is let through.
 */
export const canaries = [
  {
    path: 'libs/kernel/src/canary.ts',
    source: "import { createPluginHost } from '@sluice/plugin-runtime';\nexport const host = createPluginHost;\n",
    rule: '@nx/enforce-module-boundaries',
    why: 'a lower layer imports a higher one',
  },
  {
    path: 'libs/config-snapshot/src/canary.ts',
    source: "import { Injectable } from '@nestjs/common';\nexport const decorator = Injectable;\n",
    rule: '@nx/enforce-module-boundaries',
    why: 'a domain library imports a framework',
  },
  {
    path: 'apps/edge-gateway/src/canary.ts',
    source: "import { Client } from 'pg';\nexport const client = Client;\n",
    rule: '@nx/enforce-module-boundaries',
    why: 'the data plane imports a database driver',
  },
  {
    path: 'examples/plugins/echo-endpoint/src/canary.ts',
    source: "import { systemClock } from '@sluice/kernel';\nexport const clock = systemClock;\n",
    rule: '@nx/enforce-module-boundaries',
    why: 'an example plugin imports more than the SDK',
  },
  {
    path: 'libs/edge-link/src/canary.ts',
    source: 'export const url = process.env.REDIS_URL;\n',
    rule: 'no-restricted-properties',
    why: 'a library reads the environment',
  },
];
