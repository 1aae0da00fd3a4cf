export type { Answer, HttpServer, HttpServerOptions, Routes } from './http-server.ts'
export { startHttpServer } from './http-server.ts'
export { observeRoutes } from './observe-routes.ts'
