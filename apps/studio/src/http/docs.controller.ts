import { Controller, Get, Header } from '@nestjs/common';
import { DOCS_PAGE } from './docs-page';
import { ApiDescription } from './openapi';
import { Policy } from './policy';
import { Answers } from './zod';

@Controller('api')
@Policy({ public: true })
export class DocsController {
  constructor(private readonly description: ApiDescription) {}

  @Get('v1/openapi.json')
  @Answers('This description')
  openapi(): object {
    return this.description.document;
  }

  @Get('docs')
  @Answers('This description as a page')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'")
  page(): string {
    return DOCS_PAGE;
  }
}
