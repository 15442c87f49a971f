import { Module } from '@nestjs/common';
import { systemClock } from '@frontdesk/core';
import { ArticleImport } from './articles/article-import.js';
import { ArticleLibrary } from './articles/article-library.js';
import { TenantConsumer } from './events/tenant.consumer.js';
import { KnowledgeRpc } from './rpc/knowledge.rpc.js';
import { Corpora } from './search/corpora.js';
import { Search } from './search/search.js';

@Module({
  controllers: [KnowledgeRpc],
  providers: [
    ArticleLibrary,
    ArticleImport,
    Corpora,
    TenantConsumer,
    {
      provide: Search,
      inject: [Corpora],
      useFactory: (corpora: Corpora) => new Search(corpora, systemClock),
    },
  ],
})
export class KnowledgeModule {}
