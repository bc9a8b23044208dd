package dev.weir.server.ctl;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code POOL/BACKEND}. */
record BackendName(String pool, String backend) {
  /** Where the backend is in the API. */
  String path() {
    return poolPath(pool) + "/backends/" + encoded(backend);
  }

  static String poolPath(String pool) {
    return "/pools/" + encoded(pool);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Reads it from the command line. */
  static final class Reader implements ITypeConverter<BackendName> {
    @Override
    public BackendName convert(String text) {
      int slash = text.indexOf('/');
      if (slash <= 0 || slash == text.length() - 1 || text.indexOf('/', slash + 1) >= 0) {
        throw new TypeConversionException("'" + text + "' is not POOL/BACKEND");
      }
      return new BackendName(text.substring(0, slash), text.substring(slash + 1));
    }
  }
}
