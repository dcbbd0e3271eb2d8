import type { MicroserviceOptions } from '@nestjs/microservices';
import { migrate } from './database/migrate';
import { createHttpApp } from './http/create-http-app';
import { edgeGrpcOptions } from './modules/gateways';
import type { StudioProcess } from './process.module';

/** Starts what the role asks for, and answers with how to stop it. */
export async function start(studio: StudioProcess): Promise<() => Promise<void>> {
  const { config, logger } = studio;
  if (config.role === 'all') await migrate({ url: config.databaseUrl, queues: config.queueBackend === 'postgres', logger });
  const app = await createHttpApp(studio);
  if (config.serves) {
    app.connectMicroservice<MicroserviceOptions>(edgeGrpcOptions(config.host, config.grpcPort));
    await app.startAllMicroservices();
  }
  await app.listen(config.port, config.host);
  logger.info({ event: 'studio.started', role: config.role, url: await app.getUrl(), public_url: config.publicUrl.href });
  return () => app.close();
}
