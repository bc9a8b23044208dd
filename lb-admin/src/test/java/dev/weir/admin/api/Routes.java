package dev.weir.admin.api;

import dev.weir.admin.AdminSetup;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Every method and path that the router takes, asked of the router itself. */
public final class Routes {
  private Routes() {}

  /** A method and a path with its parameters filled in. */
  public record Operation(String method, String path) {}

  /** All of them. */
  public static List<Operation> of(AdminSetup setup) {
    Vertx vertx = Vertx.vertx();
    try {
      List<Operation> operations = new ArrayList<>();
      new Api(setup, vertx, Duration.ofSeconds(1))
          .routes()
          .forEach(
              route -> {
                if (route.getPath() != null && route.methods() != null) {
                  String path = route.getPath().replaceAll(":[a-z]+", "web");
                  for (HttpMethod method : route.methods()) {
                    operations.add(new Operation(method.name(), path));
                  }
                }
              });
      return operations.stream().distinct().toList();
    } finally {
      vertx.close();
    }
  }
}
