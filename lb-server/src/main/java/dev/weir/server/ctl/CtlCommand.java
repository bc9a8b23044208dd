package dev.weir.server.ctl;

import dev.weir.server.cli.ExitCode;
import dev.weir.server.ctl.AdminClient.Answer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code lb ctl}: looks at a running balancer and changes it, through its admin API. */
@Command(
    name = "ctl",
    description = "Look at a running balancer, and change it.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class CtlCommand implements Callable<Integer> {
  private static final String BACKEND = "POOL/BACKEND";

  @Spec private CommandSpec spec;
  @Mixin private Target target;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print the answer as the API gives it.")
  private boolean json;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  @Command(name = "status", description = "Version, generation, readiness.")
  int status() {
    return show("/status", Render::status);
  }

  @Command(name = "listeners", description = "The listeners and their open connections.")
  int listeners() {
    return show("/listeners", Render::listeners);
  }

  @Command(name = "pools", description = "All pools.")
  int pools() {
    return show("/pools", Render::pools);
  }

  @Command(name = "pool", description = "One pool with its backends.")
  int pool(@Parameters(paramLabel = "POOL") String name) {
    return show(BackendName.poolPath(name), Render::pool);
  }

  @Command(name = "backends", description = "The backends of one pool, or of all.")
  int backends(@Parameters(paramLabel = "POOL", arity = "0..1") String only) {
    return run(
        client -> {
          ObjectNode all = JsonNodeFactory.instance.objectNode();
          if (only != null) {
            all.set(only, client.get(BackendName.poolPath(only) + "/backends").body());
          } else {
            for (JsonNode pool : client.get("/pools").body().path("pools")) {
              String name = pool.path("name").asString();
              all.set(name, client.get(BackendName.poolPath(name) + "/backends").body());
            }
          }
          Table table = Render.backends();
          all.forEach(pool -> Render.backends(table, pool.path("backends")));
          print(all, table.toString());
        });
  }

  @Command(name = "config", description = "The running configuration, as JSON.")
  int config() {
    return run(client -> print(client.get("/config").body(), null));
  }

  @Command(name = "drain", description = "Finish what runs there, start nothing new.")
  int drain(
      @Parameters(paramLabel = BACKEND, converter = BackendName.Reader.class) BackendName backend,
      @Mixin WriteFlags flags) {
    return state(backend, "DRAIN", flags);
  }

  @Command(name = "ready", description = "Let a backend serve.")
  int ready(
      @Parameters(paramLabel = BACKEND, converter = BackendName.Reader.class) BackendName backend,
      @Mixin WriteFlags flags) {
    return state(backend, "READY", flags);
  }

  @Command(name = "maint", description = "Take a backend out of service; it is not probed either.")
  int maint(
      @Parameters(paramLabel = BACKEND, converter = BackendName.Reader.class) BackendName backend,
      @Mixin WriteFlags flags) {
    return state(backend, "MAINT", flags);
  }

  @Command(name = "weight", description = "Change the weight of a backend, 0..1000.")
  int weight(
      @Parameters(paramLabel = BACKEND, index = "0", converter = BackendName.Reader.class)
          BackendName backend,
      @Parameters(paramLabel = "N", index = "1") int weight,
      @Mixin WriteFlags flags) {
    return write("PATCH", backend.path(), object().put("weight", weight), Map.of(), flags);
  }

  @Command(name = "add", description = "Add a backend to a pool.")
  int add(
      @Parameters(paramLabel = BACKEND, index = "0", converter = BackendName.Reader.class)
          BackendName backend,
      @Parameters(paramLabel = "ADDRESS", index = "1", description = "host:port") String address,
      @Option(names = "--weight", paramLabel = "N", description = "0..1000; default 100")
          Integer weight,
      @Option(names = "--backup", description = "Use it while no other is eligible.")
          boolean backup,
      @Mixin WriteFlags flags) {
    ObjectNode body = object().put("address", address);
    if (weight != null) {
      body.put("weight", weight);
    }
    if (backup) {
      body.put("backup", true);
    }
    return write("PUT", backend.path(), body, Map.of("If-None-Match", "*"), flags);
  }

  @Command(name = "remove", description = "Remove a backend from a pool.")
  int remove(
      @Parameters(paramLabel = BACKEND, converter = BackendName.Reader.class) BackendName backend,
      @Mixin WriteFlags flags) {
    return write("DELETE", backend.path(), null, Map.of(), flags);
  }

  @Command(name = "apply", description = "Replace the whole configuration by a file, YAML or JSON.")
  int apply(@Parameters(paramLabel = "FILE") Path file, @Mixin WriteFlags flags) {
    return run(
        client -> {
          JsonNode document = ConfigFile.read(file);
          Map<String, String> unchanged = Map.of("If-Match", client.get("/config").etag());
          changed(client.send("PUT", "/config" + flags.query(), document, unchanged));
        });
  }

  @Command(name = "reload", description = "Let the balancer read its configuration file again.")
  int reload() {
    return run(client -> changed(client.send("POST", "/reload", null, Map.of())));
  }

  private int state(BackendName backend, String state, WriteFlags flags) {
    return write("PATCH", backend.path(), object().put("state", state), Map.of(), flags);
  }

  private int write(
      String method, String path, JsonNode body, Map<String, String> headers, WriteFlags flags) {
    return run(client -> changed(client.send(method, path + flags.query(), body, headers)));
  }

  private int show(String path, java.util.function.Function<JsonNode, String> render) {
    return run(
        client -> {
          JsonNode answer = client.get(path).body();
          print(answer, render.apply(answer));
        });
  }

  private void changed(Answer answer) {
    print(answer.body(), Render.change(answer.body()));
  }

  private void print(JsonNode answer, String text) {
    var out = spec.commandLine().getOut();
    out.print(json || text == null ? answer.toPrettyString() + "\n" : text);
    out.flush();
  }

  @FunctionalInterface
  private interface Work {
    void with(AdminClient client) throws CtlFailure;
  }

  private int run(Work work) {
    try {
      work.with(target.client(spec.commandLine()));
      return ExitCode.OK;
    } catch (CtlFailure failure) {
      spec.commandLine().getErr().println("lb ctl: " + failure.getMessage());
      return ExitCode.FAILURE;
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
