import type { ResourceType } from '../manifest';
import { assetPath } from '../rules/asset-path';
import { customElementTag, resourceTypeSlug } from '../rules/identifiers';
import type { ObjectReader } from './object-reader';
import { refuseRepeated } from './refuse-repeated';

/** Kinds of things that the plugin lists and apps can hold. */
export function readResourceTypes(manifest: ObjectReader): ResourceType[] {
  const readers = manifest.objects('resource_types');
  const types = readers.map((reader): ResourceType => {
    const type: ResourceType = {
      slug: reader.requiredText('slug', resourceTypeSlug),
      name: reader.requiredText('name'),
      description: reader.text('description', ''),
      icon: reader.text('icon', ''),
      has_privacy_score: reader.flag('has_privacy_score', false),
      supports_submissions: reader.flag('supports_submissions', false),
      form_component: readForm(reader),
    };
    return { ...reader.unknown(), ...type };
  });
  refuseRepeated(readers, 'slug', types.map(({ slug }) => slug));
  return types;
}

function readForm(type: ObjectReader): ResourceType['form_component'] {
  if (type.anyObject('form_component') === undefined) return null;
  const reader = type.object('form_component');
  const form = { tag: reader.requiredText('tag', customElementTag), entry_point: reader.requiredText('entry_point', assetPath) };
  return { ...reader.unknown(), ...form };
}
