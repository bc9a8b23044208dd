# Weir in a container. Build the distribution first:  mvn -B -DskipTests package
# Then:                                                docker build -t weir .
# benchmarks/container/run does both without Docker and checks the result.
ARG JDK_IMAGE=eclipse-temurin:25-jdk
ARG BASE_IMAGE=debian:bookworm-slim

# A Java with only the modules that are needed, and an archive of the classes as they are after a
# short run: start-up takes half the time.
FROM ${JDK_IMAGE} AS build
COPY lb-server/target/weir /opt/weir
RUN jlink --strip-java-debug-attributes --no-header-files --no-man-pages --output /opt/jre \
      --add-modules java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.httpserver,jdk.jfr,jdk.management,jdk.unsupported
RUN rm -f /opt/weir/lib/lb-*.aot \
 && LB_JAVA=/opt/jre/bin/java LB_OPTS=-XX:AOTCacheOutput=/opt/weir/lib/lb-25.aot LB_ARCHIVE=no \
      /opt/weir/bin/lb train \
 && ls -l /opt/weir/lib/lb-25.aot

FROM ${BASE_IMAGE}
COPY --from=build /opt/jre /opt/jre
COPY --from=build /opt/weir /opt/weir
COPY conf/lb.yaml /etc/weir/lb.yaml
RUN mkdir -p /var/lib/weir && chown 10001:10001 /var/lib/weir
ENV LB_JAVA=/opt/jre/bin/java
WORKDIR /var/lib/weir
VOLUME /var/lib/weir
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["/opt/weir/bin/lb", "health"]
ENTRYPOINT ["/opt/weir/bin/lb"]
CMD ["run", "-c", "/etc/weir/lb.yaml"]
