package io.millrace.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.keys.KeyFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KeysCommandTest {

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int run(String command, String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "keys";
    all[1] = command;
    all[2] = file().toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    out.getBuffer().setLength(0);
    errors.getBuffer().setLength(0);
    CommandLine line = Main.commandLine(Map.of());
    return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(errors)).execute(all);
  }

  private Path file() {
    return directory.resolve("keys.json");
  }

  @Test
  void createsAddsAndChangesKeys() {
    assertThat(run("create")).isZero();
    String first = out.toString().strip();
    KeyFile keys = new KeyFile(file());
    assertThat(keys.idOf("alias/aws/kinesis")).isEqualTo(first);
    assertThat(run("add", "alias/orders")).isZero();
    String second = out.toString().strip();
    assertThat(keys.idOf("alias/orders")).isEqualTo(second).isNotEqualTo(first);
    for (String command : new String[] {"rotate", "disable", "enable"}) {
      assertThat(run(command, "alias/orders")).isZero();
      assertThat(out.toString().strip()).isEqualTo(second);
      assertThat(run(command, first)).isZero();
    }
  }

  @Test
  void saysWhatItCannotDo() {
    assertThat(run("rotate", "alias/orders")).isEqualTo(1);
    assertThat(errors.toString()).contains(file().toString());
    assertThat(run("create")).isZero();
    assertThat(run("create")).isEqualTo(1);
    assertThat(errors.toString()).contains("there already");
    assertThat(run("add", "orders")).isEqualTo(1);
    assertThat(run("disable", "12345678-1234-1234-1234-123456789012")).isEqualTo(1);
    assertThat(run("delete")).isEqualTo(CommandLine.ExitCode.USAGE);
  }

  @Test
  void aServerTakesTheFile() {
    CommandLine line = Main.commandLine(Map.of("MILLRACE_KEY_FILE", "/secret/keys.json"));
    line.parseArgs("server");
    ServerCommand command = line.getSubcommands().get("server").getCommand();
    assertThat(command.settings().getString("millrace.encryption.key-store.file"))
        .isEqualTo("/secret/keys.json");
  }
}
