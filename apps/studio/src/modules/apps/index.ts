export * from './app.entity';
export * from './app-token.entity';
