export * from './generated/ai_studio_management/ai_studio_management';
