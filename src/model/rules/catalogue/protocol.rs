//! PT: the form of a record and its place among the others.

crate::rules! {
    PT_004 = "PT-004" Error [] [] "Không có trường “{member}” trong {resource}." / "Tên gần nhất: {nearest}. Sửa tên hoặc bỏ trường này."
        | "{resource} has no member “{member}”." / "The nearest name: {nearest}. Correct the name or leave the member out."; "School Gateway, resources";
    PT_005 = "PT-005" Error [] [] "Kỳ báo cáo “{period}” {state} {day}: không nhận thay đổi {resource} của trường {school}." / "Nếu có lý do chính đáng, đề nghị Sở gia hạn kỳ báo cáo cho trường; bản ghi không đổi thì vẫn gửi được."
        | "The reporting period “{period}” {state} {day}: no change of {resource} of the school {school} is taken." / "With good reason, ask the department to give the school more time; records without a change may still be sent."; "School Gateway, reporting periods", needs "stored";
    PT_006 = "PT-006" Error [] [] "Dòng này không phải là một bản ghi JSON: {problem}." / "Mỗi dòng là một đối tượng JSON có “resource” và “data”; sửa dòng rồi gửi lại."
        | "The line is not a JSON record: {problem}." / "Each line is one JSON object with “resource” and “data”; mend the line and send it again."; "School Gateway, submissions";
    PT_007 = "PT-007" Error [] [] "Không có {what} “{value}”." / "Dùng một trong các giá trị: {expected}."
        | "There is no {what} “{value}”." / "Use one of: {expected}."; "School Gateway, submissions";
    PT_008 = "PT-008" Error [] [] "Bản ghi vượt giới hạn: {found}, tối đa {limit}." / "Kiểm tra xem dữ liệu có bị nối nhầm hoặc lồng nhầm không, rồi gửi bản ghi ngắn hơn."
        | "The record is beyond the limit: {found}, at most {limit}." / "Look for data joined or nested by mistake, then send a shorter record."; "School Gateway, submissions";
    PT_009 = "PT-009" Error [] [] "Trường “{member}” xuất hiện hai lần." / "Giữ lại một giá trị đúng."
        | "The member “{member}” stands twice." / "Keep the one value that is right."; "RFC 8259, section 4";
    PT_010 = "PT-010" Warning [] [] "Khóa này xuất hiện nhiều lần trong một lần gửi; bản ghi ở vị trí {last} được dùng." / "Chỉ gửi mỗi bản ghi một lần."
        | "The key stands more than once in this submission; the record at index {last} stands." / "Send each record once."; "School Gateway, submissions";
    PT_011 = "PT-011" Error [] [] "Không xóa được: còn {count} bản ghi {resource} tham chiếu đến." / "Xóa các bản ghi đó trước, hoặc cùng một lần gửi."
        | "It cannot be deleted: {count} record(s) of {resource} refer to it." / "Delete those first, or in the same submission."; "School Gateway, submissions";
    PT_012 = "PT-012" Error [] [] "Thiếu trường bắt buộc “{member}”." / "Bổ sung giá trị cho trường này."
        | "The required member “{member}” is missing." / "Add its value."; "School Gateway, resources";
    PT_013 = "PT-013" Error [] [] "Sai kiểu dữ liệu: nhận {found}, cần {expected}." / "Gửi đúng kiểu JSON; ví dụ số không đặt trong dấu nháy."
        | "Wrong JSON type: {found}, expected {expected}." / "Send the JSON type expected; a number, for example, stands without quotes."; "School Gateway, resources";
    PT_014 = "PT-014" Error [] [] "Giá trị “{value}” không có trong danh mục {list}." / "Giá trị gần nhất: {nearest}. Xem danh mục tại /v1/code-lists/{list}."
        | "“{value}” is not a value of {list}." / "The nearest: {nearest}. The list is at /v1/code-lists/{list}."; "School Gateway, code lists";
    PT_015 = "PT-015" Error [] [] "Không có {resource} “{key}” mà bản ghi tham chiếu." / "Gửi bản ghi đó trước hoặc cùng lần gửi, hoặc sửa mã."
        | "The {resource} “{key}” that the record refers to does not exist." / "Send that record before or with this one, or correct the code."; "School Gateway, submissions";
    PT_016 = "PT-016" Error [] ["schoolCode"] "Trường “{school}” không thuộc phạm vi của ứng dụng này." / "Kiểm tra mã trường; nếu đúng, đề nghị Sở cấp quyền cho trường này."
        | "The school “{school}” is not granted to this client." / "Check the school code; if it is right, ask the department to grant the school."; "School Gateway, grants";
    PT_017 = "PT-017" Error [] [] "Dài {found} ký tự, tối đa {limit}." / "Rút gọn nội dung."
        | "{found} characters, at most {limit}." / "Shorten the text."; "School Gateway, resources";
    PT_018 = "PT-018" Error [] [] "Giá trị {value} ngoài khoảng {minimum} đến {maximum}." / "Kiểm tra số liệu và đơn vị."
        | "{value} is outside {minimum} to {maximum}." / "Check the figure and its unit."; "School Gateway, resources";
    PT_019 = "PT-019" Error [] [] "Mã riêng “{value}” của ứng dụng {client} trong danh mục {list} {outcome}{code}." / "Nếu chưa đúng, kiểm tra mã đã gửi, hoặc đề nghị Sở bổ sung bảng chuyển mã {list} của ứng dụng."
        | "The code “{value}” of the client {client} for the list {list} {outcome}{code}." / "If that is wrong, look at the code that was sent, or ask the department to complete the client's crosswalk of {list}."; "School Gateway, crosswalks";
    PT_020 = "PT-020" Error [] [] "Cơ sở dữ liệu không nhận bản ghi này ({constraint})." / "Kiểm tra các giá trị phải là duy nhất, ví dụ số định danh cá nhân; nếu vẫn lỗi, báo cho đơn vị vận hành."
        | "The database does not take this record ({constraint})." / "Look at values that must be unique, such as the citizen id; if it fails again, tell the operator."; "School Gateway, submissions";
    PT_022 = "PT-022" Error [] [] "Hệ thống gặp lỗi khi kiểm tra bản ghi này nên không lưu; đây là lỗi của hệ thống, không phải của dữ liệu." / "Báo cho đơn vị vận hành mã yêu cầu hoặc mã lần gửi; gửi lại bản ghi này khi lỗi đã được khắc phục."
        | "The gateway failed while it judged this record, and did not keep it; the fault is the gateway's, not the data's." / "Tell the operator the request id or the id of the submission; send the record again when the fault is mended."; "School Gateway, submissions";
    PT_023 = "PT-023" Error [] [] "Bản ghi này còn {count} lỗi hoặc cảnh báo khác không liệt kê; chỉ liệt kê {limit} mục đầu." / "Sửa các lỗi đã liệt kê rồi gửi lại để xem các lỗi còn lại."
        | "The record has {count} further faults that are not listed; the first {limit} are." / "Mend those that are listed and send the record again to see the others."; "School Gateway, submissions";
    PT_024 = "PT-024" Error [] [] "Hệ thống đã bắt đầu xử lý lần gửi này {attempts} lần mà không xong nên dừng lại; {records} bản ghi chưa được xử lý và được tính là bị từ chối." / "Gửi lại các bản ghi đó với khóa idempotency mới; nếu vẫn dừng, báo cho đơn vị vận hành mã lần gửi."
        | "The gateway began this submission {attempts} times without getting to its end and gave it up; {records} records were not judged and count as rejected." / "Send those records again under a new idempotency key; if it is given up again, tell the operator the id of the submission."; "School Gateway, submissions";
    PT_025 = "PT-025" Error [] [] "Lần kiểm tra thử này có nhiều bản ghi hơn mức bộ nhớ cho phép ({limit}) nên dừng lại; {records} bản ghi được tính là bị từ chối, không bản ghi nào được lưu." / "Chia thành nhiều lần kiểm tra nhỏ hơn, ví dụ mỗi lần một trường."
        | "This dry run has more records than the memory for them holds ({limit}) and was ended; {records} records count as rejected, none was kept." / "Send it in smaller parts, a school at a time for instance."; "School Gateway, submissions";
    RC_003 = "RC-003" Error [] [] "Bộ dữ liệu này sẽ xóa {removals} trong {stored} bản ghi {resource} đang lưu của trường {school}; trên {percent} % thì phải xác nhận, và số xác nhận phải đúng." / "Kiểm tra xem có gửi thiếu không; nếu đúng là cần xóa, gửi lại với confirmRemovals={removals}."
        | "This set would remove {removals} of the {stored} stored records of {resource} of the school {school}; more than {percent} % must be confirmed, and a number given must be exact." / "See whether the set is whole; if they are to go, send it again with confirmRemovals={removals}."; "School Gateway, replacements";
    RC_004 = "RC-004" Error [] [] "Bản ghi không thuộc bộ dữ liệu được thay: {what} là “{value}”, cần “{expected}”." / "Bộ dữ liệu thay thế chỉ gồm bản ghi của đúng loại, trường và năm học đã nêu; gửi bản ghi này riêng."
        | "The record is none of the set being replaced: its {what} is “{value}”, expected “{expected}”." / "A replacement holds only records of the resource, school and school year that it names; send this one by itself."; "School Gateway, replacements";
    RC_005 = "RC-005" Error [] [] "Không thay được bộ dữ liệu: {rejected} trong {received} bản ghi bị từ chối, nên không lưu và không xóa bản ghi nào." / "Sửa các bản ghi bị từ chối rồi gửi lại toàn bộ."
        | "The set was not replaced: {rejected} of {received} records were rejected, so nothing was stored and nothing removed." / "Mend the rejected records and send the whole set again."; "School Gateway, replacements";
}
