// The OpenAPI 3.1 document of the API, made from the same schemas that the routes answer by.

import { z } from 'zod';
import { healthSchema } from '../health/health.routes.ts';
import { personSchema } from '../people/person-file.ts';
import { answerSchema, problemSchema, questionListSchema, questionQuerySchema } from './answer.schema.ts';

type Json = Record<string, unknown>;

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, id: _id, ...rest } = z.toJSONSchema(schema, { reused: 'inline' }) as Json;
  return rest;
}

const json = (name: string, description: string, type = 'application/json') => ({
  description,
  content: { [type]: { schema: { $ref: `#/components/schemas/${name}` } } },
});

const problem = (description: string) => json('Problem', description, 'application/problem+json');

const refusals = {
  401: problem('Nobody is signed in'),
  403: problem('The role may not see this, or no agreement gives it for the purpose stated; `reason` says why'),
  429: problem('Too many requests'),
  503: problem('No snapshot has been built, or the service is busy'),
};

function queryParameters(): Json[] {
  const { properties } = schemaOf(questionQuerySchema) as { properties: Record<string, Json> };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({ name, in: 'query', required: false, description, schema, style: 'form', explode: true }));
}

const personPath = {
  '/api/people/{key}': {
    get: {
      operationId: 'readPerson',
      summary: 'What agencies hold about a person, as far as agreements give it to you for your purpose',
      parameters: [{ name: 'key', in: 'path', required: true, schema: { type: 'string' } }],
      responses: { 200: json('Person', 'What is given; of a sealed record, whom to ring'), 404: problem('Nobody has this key, or nothing of them is given to you'), ...refusals },
    },
  },
};

export function openApiDocument(options: { baseUrl: string; cookieName: string; version: string; /** Whether records of people are served. */ people: boolean }): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Headwater',
      version: options.version,
      description: 'The same questions, permissions and disclosure control as the pages. A program signs in as a person does, states its purpose at /purpose, and sends the session cookie. An answer holds the feeds that agreements give for that purpose; `leftOut` names the others.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: options.baseUrl }],
    security: [{ session: [] }],
    paths: {
      '/api/questions': {
        get: {
          operationId: 'listQuestions',
          summary: 'The questions that your role may ask',
          responses: { 200: json('QuestionList', 'The questions'), ...refusals },
        },
      },
      '/api/questions/{id}': {
        get: {
          operationId: 'askQuestion',
          summary: 'One question’s answer, with its tables, query and sources',
          description: 'Besides the filters, a question may take options of its own by name, as its page does.',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }, ...queryParameters()],
          responses: { 200: json('Answer', 'The answer'), 400: problem('A filter is not known here, or is not a month'), 404: problem('No such question'), ...refusals },
        },
      },
      ...(options.people ? personPath : {}),
      '/api/health': {
        get: {
          operationId: 'readHealth',
          summary: 'Whether the service can do its work',
          security: [],
          responses: { 200: json('Health', 'It can'), 503: json('Health', 'It cannot') },
        },
      },
      '/api/openapi.json': {
        get: { operationId: 'readOpenApi', summary: 'This document', security: [], responses: { 200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } } } },
      },
    },
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: options.cookieName } },
      schemas: {
        Answer: schemaOf(answerSchema),
        QuestionList: schemaOf(questionListSchema),
        ...(options.people ? { Person: schemaOf(personSchema) } : {}),
        Problem: schemaOf(problemSchema),
        Health: schemaOf(healthSchema),
      },
    },
  };
}
