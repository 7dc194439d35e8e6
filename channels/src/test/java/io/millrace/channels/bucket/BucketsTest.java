package io.millrace.channels.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketsTest {

  @TempDir Path root;

  private List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void objectsAreSeenWhenTheyAreComplete() throws IOException {
    Buckets buckets = new Buckets(root);
    Path target = buckets.file("flour", new ObjectKey("a/b/c.txt"));
    try (UnfinishedObject object = buckets.begin("owner")) {
      object.out().write(new byte[] {1, 2, 3});
      assertThat(target).doesNotExist();
      assertThat(object.complete(target)).isEqualTo(3);
    }
    assertThat(target).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(files()).containsExactly(target);
  }

  @Test
  void nothingIsLeftOfWhatIsDropped() throws IOException {
    Buckets buckets = new Buckets(root);
    try (UnfinishedObject object = buckets.begin("owner")) {
      object.out().write(1);
      assertThat(files()).hasSize(1);
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void clearsWhatAnOwnerLeftAndNothingElse() throws IOException {
    Buckets buckets = new Buckets(root);
    buckets.begin("dead");
    buckets.begin("alive");
    buckets.clear("dead");
    buckets.clear("nobody");
    assertThat(files()).hasSize(1).allMatch(file -> file.toString().contains("alive"));
  }

  @Test
  void takesTheNameFromTheArn() {
    assertThat(Buckets.name("arn:aws:s3:::flour.of-the_mill")).isEqualTo("flour.of-the_mill");
  }

  @ParameterizedTest
  @ValueSource(strings = {"...", "..a", ".unfinished", "a..b", "-ab", "ab-", "ab."})
  void refusesWhatNoBucketIsCalled(String name) {
    assertThatThrownBy(() -> Buckets.name("arn:aws:s3:::" + name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  @Test
  void refusesABucketOutsideOfItsDirectory() {
    assertThatThrownBy(() -> new Buckets(root).file("../elsewhere", new ObjectKey("a")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
