import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.File;
import java.util.Arrays;
import org.apache.kafka.common.record.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.FileRecords;

/** The record batches of a partition as they lie in its folder. Fields: folder. */
public class Batches {
  static JsonNode run(Request request) throws Exception {
    ArrayNode result = Bridge.JSON.createArrayNode();
    File[] segments = new File(request.text("folder")).listFiles((dir, name) -> name.endsWith(".log"));
    if (segments == null) throw new IllegalArgumentException("No folder " + request.text("folder"));
    Arrays.sort(segments);
    for (File segment : segments) {
      try (FileRecords records = FileRecords.open(segment, false)) {
        for (FileChannelRecordBatch batch : records.batches()) {
          result.addObject()
              .put("baseOffset", batch.baseOffset()).put("lastOffset", batch.lastOffset()).put("count", batch.countOrNull())
              .put("codec", batch.compressionType().name).put("timestampType", batch.timestampType().toString())
              .put("maxTimestamp", batch.maxTimestamp()).put("sizeBytes", batch.sizeInBytes())
              .put("producerId", batch.producerId()).put("producerEpoch", batch.producerEpoch()).put("baseSequence", batch.baseSequence())
              .put("leaderEpoch", batch.partitionLeaderEpoch()).put("deleteHorizonMs", batch.deleteHorizonMs().orElse(-1))
              .put("transactional", batch.isTransactional()).put("control", batch.isControlBatch());
        }
      }
    }
    return result;
  }
}
