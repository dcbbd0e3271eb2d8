import type { PortalSlot, UiItem, UiMount, UiSlot } from '../manifest';
import { assetPath } from '../rules/asset-path';
import { customElementTag } from '../rules/identifiers';
import type { TextRule } from '../rules/rule';
import { type ObjectReader, quoteList } from './object-reader';

const UI_SLOTS = ['sidebar.section', 'sidebar.link', 'settings.section', 'app.detail.tab', 'llm.detail.tab'];
const PORTAL_SLOTS = ['portal_sidebar.section'];

/** Where the studio's admin pages show the plugin. */
export function readUi(manifest: ObjectReader, assets: readonly string[]): { slots: UiSlot[] } {
  const reader = manifest.object('ui');
  const slots = reader.objects('slots').map((slot) => {
    const read = readSlot(slot, UI_SLOTS, assets);
    return { ...slot.unknown(), ...read };
  });
  return { ...reader.unknown(), slots };
}

/** Where the portal shows the plugin, and to which groups. */
export function readPortal(manifest: ObjectReader, assets: readonly string[]): { slots: PortalSlot[] } {
  const reader = manifest.object('portal');
  const slots = reader.objects('slots').map((slot) => {
    const read = { ...readSlot(slot, PORTAL_SLOTS, assets), groups: slot.texts('groups') };
    return { ...slot.unknown(), ...read };
  });
  return { ...reader.unknown(), slots };
}

function readSlot(reader: ObjectReader, allowed: readonly string[], assets: readonly string[]): UiSlot {
  const known: TextRule = (name) => (allowed.includes(name) ? undefined : `Write one of ${quoteList(allowed)} as \`slot\`.`);
  return {
    slot: reader.requiredText('slot', known),
    label: reader.text('label', ''),
    icon: reader.text('icon', ''),
    items: reader.objects('items').map((item) => readItem(item, assets)),
  };
}

function readItem(reader: ObjectReader, assets: readonly string[]): UiItem {
  const item: UiItem = {
    type: reader.oneOf('type', ['route', 'component'], 'route'),
    path: reader.text('path', '', (path) => (path === '' || path.startsWith('/') ? undefined : 'Begin the `path` of a page with a slash.')),
    title: reader.text('title', ''),
    mount: readMount(reader, assets),
  };
  if (item.type === 'route' && !reader.has('path')) reader.fault('path', 'Add `path`: a route is reached by it.');
  return { ...reader.unknown(), ...item };
}

function readMount(item: ObjectReader, assets: readonly string[]): UiMount {
  if (!item.has('mount')) item.fault('mount', 'Add `mount` with `kind` and `entry`: it says what to show.');
  const reader = item.object('mount');
  const kind = reader.oneOf('kind', ['webc', 'iframe'], 'webc');
  const mount: UiMount = {
    kind,
    tag: kind === 'webc' && item.has('mount') ? reader.requiredText('tag', customElementTag) : reader.text('tag', ''),
    entry: item.has('mount') ? reader.requiredText('entry', assetPath) : '',
    props: reader.anyObject('props') ?? {},
  };
  if (mount.entry !== '' && !assets.includes(mount.entry)) {
    reader.warn('entry', `Add \`${mount.entry}\` to \`assets\`: what is not listed there is not served.`);
  }
  return { ...reader.unknown(), ...mount };
}
