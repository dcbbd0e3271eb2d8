/** One line that says what is being done. */
export const say = (message) => console.log(`sluice: ${message}`);
