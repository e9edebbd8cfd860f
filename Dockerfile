# Layers from what changes seldom to what changes often. Nothing is compiled; no install script runs.
FROM node:24-bookworm-slim AS build
WORKDIR /earshot
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json README.md LICENSE ./
COPY schemas schemas
COPY pipelines pipelines
COPY src src
RUN node src/build.ts && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /earshot
COPY --from=build --chown=root:root /earshot/package.json /earshot/README.md /earshot/LICENSE ./
COPY --from=build --chown=root:root /earshot/node_modules node_modules
COPY --from=build --chown=root:root /earshot/schemas schemas
COPY --from=build --chown=root:root /earshot/pipelines pipelines
COPY --from=build --chown=root:root /earshot/dist dist
# A number, so that Kubernetes can tell that it is not root. The file system may be read-only: only report.out, the folder of
# evidence.store and /tmp are written.
USER 10001:10001
ENTRYPOINT ["node", "/earshot/dist/main.js"]
CMD ["--help"]
