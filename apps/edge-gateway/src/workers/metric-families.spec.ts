import { MetricFamilies } from './metric-families';

const text = (requests: number, open: number, uptime: number) => `# HELP target_info Target metadata
# TYPE target_info gauge
target_info{service_name="gateway"} 1
# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{plugin="a b",status="200"} ${requests}
# HELP seconds How long.
# TYPE seconds histogram
seconds_count 2
seconds_sum 0.5
seconds_bucket{le="1"} 2
seconds_bucket{le="+Inf"} 2
# HELP open Open ones.
# TYPE open gauge
open ${open}
# TYPE process_uptime_seconds gauge
process_uptime_seconds ${uptime}
`;

const linesOf = (families: MetricFamilies) => families.toString().split('\n');

describe('metrics of several processes', () => {
  it('are added, and the highest stands where each has the same', () => {
    const lines = linesOf(new MetricFamilies().add(text(3, 10, 7)).add(text(4, 20, 5)));
    expect(lines).toEqual(expect.arrayContaining(['requests_total{plugin="a b",status="200"} 7', 'seconds_count 4', 'seconds_sum 1', 'seconds_bucket{le="1"} 4', 'seconds_bucket{le="+Inf"} 4', 'open 30', 'target_info{service_name="gateway"} 1', 'process_uptime_seconds 7']));
    expect(lines.filter((line) => line.startsWith('# HELP requests_total'))).toHaveLength(1);
  });

  it('keep what one has counted that has ended, and nothing that it had open', () => {
    const past = new MetricFamilies().addEnded(text(3, 10, 7)).toString();
    const lines = linesOf(new MetricFamilies().add(text(4, 20, 5)).addEnded(past));
    expect(lines).toEqual(expect.arrayContaining(['requests_total{plugin="a b",status="200"} 7', 'open 20', 'process_uptime_seconds 5']));
  });

  it('show families that only one of them has', () => {
    expect(linesOf(new MetricFamilies().add('# TYPE mine counter\nmine 1\n').add('# TYPE theirs gauge\ntheirs -2\n'))).toEqual(['# TYPE mine counter', 'mine 1', '# TYPE theirs gauge', 'theirs -2', '']);
  });
});
