import type { ManifestSchedule } from '../manifest';
import { cronExpression } from '../rules/cron';
import { timeZone } from '../rules/time-zone';
import type { ObjectReader } from './object-reader';
import { refuseRepeated } from './refuse-repeated';

const DEFAULT_TIMEOUT_SECONDS = 60;

/** Tasks that the studio runs by the clock. */
export function readSchedules(manifest: ObjectReader): ManifestSchedule[] {
  const readers = manifest.objects('schedules');
  const schedules = readers.map((reader): ManifestSchedule => {
    const schedule: ManifestSchedule = {
      id: reader.requiredText('id'),
      name: reader.requiredText('name'),
      cron: reader.requiredText('cron', cronExpression),
      timezone: reader.text('timezone', 'UTC', timeZone),
      enabled: reader.flag('enabled', true),
      timeout_seconds: reader.optionalCount('timeout_seconds') ?? DEFAULT_TIMEOUT_SECONDS,
      config: reader.anyObject('config') ?? {},
    };
    return { ...reader.unknown(), ...schedule };
  });
  refuseRepeated(readers, 'id', schedules.map(({ id }) => id));
  return schedules;
}
