import { Injectable } from '@nestjs/common';
import { ObjectHookHost } from '../object-hooks';
import { StudioPluginHost } from './studio-plugin-host';

/** Lets object hooks reach the plugins of this studio. */
@Injectable()
export class ObjectHookLink {
  constructor(host: StudioPluginHost, hooks: ObjectHookHost) {
    hooks.attach({
      serving: (id) => host.serving(id),
      whyNot: (id) => host.status(id)?.reason || host.unusableReason(id) || '',
    });
  }
}
