package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The committed schema is the one that the records give. After changing a record, write it anew:
 *
 * <pre>mvn -B -o -pl lb-core test -Dtest=SchemaTest -Dweir.schema.write=true</pre>
 */
class SchemaTest {
  private static final Path COMMITTED =
      Path.of("src/main/resources/dev/weir/core/config/schema.json");

  /** For editors, beside the configurations; a copy, so that the distribution needs no links. */
  private static final Path COPY = Path.of("../conf/lb.schema.json");

  @Test
  void theCommittedSchemaIsTheOneOfTheRecords() throws IOException {
    String generated = SchemaGeneration.text();
    if (Boolean.getBoolean("weir.schema.write")) {
      Files.writeString(COMMITTED, generated);
      Files.writeString(COPY, generated);
    }
    assertThat(Files.readString(COMMITTED))
        .as("see the comment of this class for how to write the schema anew")
        .isEqualTo(generated);
  }

  @Test
  void editorsFindTheSameSchemaBesideTheConfigurations() throws IOException {
    assertThat(Files.readString(COPY)).isEqualTo(Files.readString(COMMITTED));
  }
}
