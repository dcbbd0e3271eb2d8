/**
 * The program of a client that asks a hog again and again, until it is killed. Each answer is followed by a moment of rest, so that an
 * appetite that ends at once is there for the whole of a measurement. The hog may fail; what counts is what others see.
 */
export const FEEDER = `
  const [url, reads] = process.argv.slice(1);
  const { get } = require('node:http');
  const again = () => setTimeout(ask, 500);
  const ask = () => {
    let over = () => { over = () => {}; again(); };
    get(url, { agent: false }, (answer) => { answer.on('error', () => {}); answer.on('close', () => over()); if (reads) answer.resume(); }).on('error', () => over());
  };
  ask();
  setTimeout(() => process.exit(), 120000);
`;
