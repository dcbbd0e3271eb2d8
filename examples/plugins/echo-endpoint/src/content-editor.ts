import type { Context } from '@sluice/plugin-sdk';
import type { Echo } from './echo';

/** What the page in the studio calls. */
export class ContentEditor {
  constructor(private readonly echo: Echo) {}

  async call(ctx: Context, method: string, payload: unknown): Promise<unknown> {
    switch (method) {
      case 'get_content':
        return { content: this.echo.content };
      case 'save_content':
        return this.save(ctx, contentIn(payload));
      default:
        throw new Error(`There is no method ${method}.`);
    }
  }

  /** Saved in the studio, the configuration reaches every process of the plugin as any other change of it does. */
  private async save(ctx: Context, content: string): Promise<unknown> {
    const { success, message } = await ctx.services.studio.updatePluginConfig({
      pluginId: ctx.pluginId,
      configJson: JSON.stringify({ ...this.echo.config, content }),
    });
    if (!success) throw new Error(message);
    return { saved: true };
  }
}

function contentIn(payload: unknown): string {
  if (typeof payload === 'object' && payload !== null && 'content' in payload && typeof payload.content === 'string') return payload.content;
  throw new Error('save_content needs {"content": "…"}.');
}
