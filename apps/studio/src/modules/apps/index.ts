export * from './app-token.entity';
export * from './app.entity';
export * from './apps.module';
