FROM node:24-bookworm-slim AS build
WORKDIR /earshot
COPY package.json package-lock.json ./
COPY src src
COPY schemas schemas
COPY pipelines pipelines
COPY tsconfig.json tsconfig.build.json README.md LICENSE ./
RUN npm ci && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /earshot
COPY --from=build --chown=root:root /earshot /earshot
RUN groupadd --gid 10001 earshot && useradd --uid 10001 --gid 10001 --no-create-home earshot
USER 10001:10001
ENTRYPOINT ["node", "/earshot/dist/main.js"]
CMD ["--help"]
