import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Compares a topic with its copy, partition by partition.
 * Fields: source and target {bootstrap, properties}, topic, targetTopic, sourceIsolation (read_committed), timestamps (true: they count).
 *
 * missing: on the source, not on the target. duplicated: more often on the target. reordered: first arrivals that come before an earlier one.
 * altered: same partition, key and value, but other headers or timestamp. unexpected: no such record on the source.
 */
public class Compare {
  private static final int EXAMPLES = 10;

  static JsonNode run(Request request) throws Exception {
    boolean timestamps = request.flag("timestamps", true);
    String topic = request.text("topic");
    String isolation = request.text("sourceIsolation", "read_committed");
    Map<Integer, Partition> partitions = new HashMap<>();
    long[] read = new long[2];
    Consumers.readToEnd(Consumers.cluster(request, "source"), topic, -1, isolation, record -> {
      partitions.computeIfAbsent(record.partition(), p -> new Partition()).source(record, timestamps);
      read[0]++;
    });
    Result result = new Result();
    Consumers.readToEnd(Consumers.cluster(request, "target"), request.text("targetTopic", topic), -1, "read_committed", record -> {
      partitions.computeIfAbsent(record.partition(), p -> new Partition()).target(record, timestamps, result);
      read[1]++;
    });
    for (var entry : partitions.entrySet()) entry.getValue().finish(entry.getKey(), result);
    return result.toJson(read[0], read[1]);
  }

  private static class Result {
    long missing;
    long duplicated;
    long reordered;
    long altered;
    long unexpected;
    final List<String> examples = new ArrayList<>();

    void example(String what, int partition, long offset) {
      if (examples.size() < EXAMPLES) examples.add(what + " " + partition + "@" + offset);
    }

    ObjectNode toJson(long source, long target) {
      ObjectNode json = Bridge.JSON.createObjectNode().put("source", source).put("target", target);
      json.put("missing", missing).put("duplicated", duplicated).put("reordered", reordered).put("altered", altered).put("unexpected", unexpected);
      json.put("equal", missing + duplicated + reordered + altered + unexpected == 0);
      ArrayNode list = json.putArray("examples");
      examples.forEach(list::add);
      return json;
    }
  }

  /** Equal records are matched in order: the n-th on the target is the n-th on the source. */
  private static class Partition {
    private final Map<ByteBuffer, Occurrences> whole = new HashMap<>();
    private final Map<ByteBuffer, Occurrences> contents = new HashMap<>();
    private final List<Occurrences> bySourceIndex = new ArrayList<>();
    /** How many equal records came before the one at this index. */
    private final List<Integer> ordinals = new ArrayList<>();
    private final List<Long> sourceOffsets = new ArrayList<>();
    private int furthest = -1;

    void source(ConsumerRecord<byte[], byte[]> record, boolean timestamps) throws Exception {
      Occurrences same = whole.computeIfAbsent(digest(record, true, timestamps), key -> new Occurrences());
      ordinals.add(same.indexes.size());
      same.indexes.add(sourceOffsets.size());
      contents.putIfAbsent(digest(record, false, false), same);
      bySourceIndex.add(same);
      sourceOffsets.add(record.offset());
    }

    void target(ConsumerRecord<byte[], byte[]> record, boolean timestamps, Result result) throws Exception {
      Occurrences same = whole.get(digest(record, true, timestamps));
      if (same == null) {
        Occurrences similar = contents.get(digest(record, false, false));
        if (similar == null) {
          result.unexpected++;
          result.example("unexpected", record.partition(), record.offset());
        } else {
          result.altered++;
          similar.arrived++;
          result.example("altered", record.partition(), record.offset());
        }
      } else if (same.arrived == same.indexes.size()) {
        result.duplicated++;
        result.example("duplicated", record.partition(), record.offset());
      } else {
        int index = same.indexes.get(same.arrived++);
        if (index < furthest) {
          result.reordered++;
          result.example("reordered", record.partition(), record.offset());
        }
        furthest = Math.max(furthest, index);
      }
    }

    void finish(int partition, Result result) {
      for (int index = 0; index < bySourceIndex.size(); index++) {
        if (ordinals.get(index) < bySourceIndex.get(index).arrived) continue;
        result.missing++;
        result.example("missing", partition, sourceOffsets.get(index));
      }
    }
  }

  private static class Occurrences {
    final List<Integer> indexes = new ArrayList<>(1);
    int arrived;
  }

  private static ByteBuffer digest(ConsumerRecord<byte[], byte[]> record, boolean headers, boolean timestamp) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("MD5");
    add(digest, record.key());
    add(digest, record.value());
    if (headers) {
      for (Header header : record.headers()) {
        add(digest, header.key().getBytes(StandardCharsets.UTF_8));
        add(digest, header.value());
      }
    }
    if (timestamp) digest.update(ByteBuffer.allocate(8).putLong(0, record.timestamp()));
    return ByteBuffer.wrap(digest.digest());
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(4).putInt(0, bytes == null ? -1 : bytes.length));
    if (bytes != null) digest.update(bytes);
  }
}
