//! PT: the form of a record and its place among the others.

crate::rules! {
    PT_004 = "PT-004" Error [] []
        "Không có thuộc tính “{member}” trong {resource}." / "Tên gần nhất: {nearest}. Sửa tên hoặc bỏ thuộc tính này."
        | "{resource} has no member “{member}”." / "The nearest name: {nearest}. Correct the name or leave the member out.",
        sheet "Không nhận ra cột “{member}”." | "The column “{member}” is not known.",
        sheet_hint "Tên cột gần nhất: “{nearest:member}”. Đổi tên cột, hoặc xóa cột nếu không cần gửi." | "The nearest heading: “{nearest:member}”. Rename the column, or delete it if it is not meant to be sent."; "School Gateway, resources";
    PT_005 = "PT-005" Error [] []
        "Kì báo cáo “{period}” {state} {day}: không nhận thay đổi về {resource} của trường {school}." / "Nếu có lý do chính đáng, đề nghị Sở gia hạn kì báo cáo cho trường; bản ghi không đổi thì vẫn gửi được."
        | "The reporting period “{period}” {state} {day}: no change of {resource} of the school {school} is taken." / "With good reason, ask the department to give the school more time; records without a change may still be sent.",
        sheet "Kì báo cáo “{period}” {state} {day}: không nhận thay đổi về “{resource:resource}” của trường {school}." | "The reporting period “{period}” {state} {day}: no change of “{resource:resource}” of the school {school} is taken.",
        sheet_hint "Nếu có lý do chính đáng, đề nghị Sở gia hạn kì báo cáo cho trường; hàng không thay đổi thì vẫn gửi được." | "With good reason, ask the department to give the school more time; rows without a change may still be sent."; "School Gateway, reporting periods", needs "stored";
    PT_006 = "PT-006" Error [] []
        "Dòng này không phải là một bản ghi JSON: {problem}." / "Mỗi dòng là một đối tượng JSON có “resource” và “data”; sửa dòng rồi gửi lại."
        | "The line is not a JSON record: {problem}." / "Each line is one JSON object with “resource” and “data”; mend the line and send it again.",
        sheet "Không đọc được hàng này: {problem}." | "The row cannot be read: {problem}.",
        sheet_hint "Kiểm tra các ô của hàng, sửa rồi gửi lại." | "Look at the cells of the row, mend them and send the sheet again."; "School Gateway, submissions";
    PT_007 = "PT-007" Error [] []
        "Không có {what} “{value}”." / "Dùng một trong các giá trị: {expected}."
        | "There is no {what} “{value}”." / "Use one of: {expected}.",
        sheet "Cột thao tác ghi “{value}”, không phải là thao tác nào." | "The column of operations says “{value}”, which is none.",
        sheet_hint "Để trống để ghi dữ liệu, hoặc ghi Xóa để xóa bản ghi." | "Leave it empty to write the record, or say Xóa to delete it."; "School Gateway, submissions";
    PT_008 = "PT-008" Error [] []
        "Bản ghi vượt giới hạn: {found}, tối đa {limit}." / "Kiểm tra xem dữ liệu có bị nối nhầm hoặc lồng nhầm không, rồi gửi bản ghi ngắn hơn."
        | "The record is beyond the limit: {found}, at most {limit}." / "Look for data joined or nested by mistake, then send a shorter record.",
        sheet "Hàng này vượt giới hạn: {found}, tối đa {limit}." | "The row is beyond the limit: {found}, at most {limit}.",
        sheet_hint "Kiểm tra xem có ô nào bị dán nhầm nội dung rất dài không, rồi gửi lại." | "Look for a cell into which a very long text was pasted by mistake, then send the sheet again."; "School Gateway, submissions";
    PT_009 = "PT-009" Error [] []
        "Thuộc tính “{member}” xuất hiện hai lần." / "Giữ lại một giá trị đúng."
        | "The member “{member}” stands twice." / "Keep the one value that is right.",
        sheet "Có hai cột “{member:member}” với giá trị khác nhau." | "Two columns “{member:member}” have different values.",
        sheet_hint "Giữ lại một cột có giá trị đúng, xóa cột kia." | "Keep the column whose value is right and delete the other."; "RFC 8259, section 4";
    PT_010 = "PT-010" Warning [] []
        "Khóa này xuất hiện nhiều lần trong một lần gửi; bản ghi ở vị trí {last} được dùng." / "Chỉ gửi mỗi bản ghi một lần."
        | "The key stands more than once in this submission; the record at index {last} stands." / "Send each record once.",
        sheet "{key_words} có ở hàng {row} và hàng {last_row}; hệ thống lấy hàng {last_row}." | "{key_words} stands in row {row} and in row {last_row}; row {last_row} was taken.",
        sheet_hint "Xóa hàng thừa." | "Delete the row that is too much."; "School Gateway, submissions";
    PT_011 = "PT-011" Error [] []
        "Không xóa được: còn {count:n} bản ghi {resource:resource} tham chiếu đến." / "Xóa các bản ghi đó trước, hoặc cùng một lần gửi."
        | "It cannot be deleted: {count:n} {count?record:records} of {resource:resource} {count?refers:refer} to it." / "Delete those first, or in the same submission.",
        sheet "Không xóa được: còn {count:n} bản ghi “{resource:resource}” dùng đến bản ghi này." | "It cannot be deleted: {count:n} {count?record:records} of “{resource:resource}” still {count?needs:need} it."; "School Gateway, submissions";
    PT_012 = "PT-012" Error [] []
        "Thiếu thuộc tính bắt buộc “{member}”." / "Bổ sung giá trị cho thuộc tính này."
        | "The required member “{member}” is missing." / "Add its value.",
        sheet "Ô “{member:member}” còn trống; ô này bắt buộc." | "The cell “{member:member}” is empty; it must be filled in.",
        sheet_hint "Điền ô này. Nếu bảng chưa có cột “{member:member}” thì thêm cột đó." | "Fill the cell in. If the sheet has no column “{member:member}”, add it."; "School Gateway, resources";
    PT_013 = "PT-013" Error [] []
        "Sai kiểu dữ liệu: nhận {found}, cần {expected}." / "Gửi đúng kiểu JSON{advice?}."
        | "Wrong JSON type: {found}, expected {expected}." / "Send the JSON type expected{advice?}.",
        sheet "Ô này cần {expected}, đang ghi “{value}”." | "The cell takes {expected}; it says “{value}”.",
        sheet_hint "Sửa giá trị trong ô{advice?}." | "Mend the value of the cell{advice?}."; "School Gateway, resources";
    PT_014 = "PT-014" Error [] []
        "Giá trị “{value}” không có trong danh mục {list}." / "Giá trị gần nhất: {nearest}. {allowed?}"
        | "“{value}” is not a value of {list}." / "The nearest: {nearest}. {allowed?}",
        sheet "“{value}” không phải là giá trị của cột này." | "“{value}” is not a value of this column.",
        sheet_hint "{allowed?}{meant?}" | "{allowed?}{meant?}"; "School Gateway, code lists";
    PT_015 = "PT-015" Error [] []
        "Không có {resource} “{key}” mà bản ghi tham chiếu{outcome?}." / "Gửi bản ghi đó trước hoặc cùng lần gửi, hoặc sửa mã."
        | "The {resource} “{key}” that the record refers to does not exist{outcome?}." / "Send that record before or with this one, or correct the code.",
        sheet "Chưa có {key:key}{outcome?}." | "There is no {key:key} yet{outcome?}.",
        sheet_hint "Gửi dữ liệu còn thiếu, hoặc sửa mã trong ô." | "Send what is missing, or correct the code in the cell."; "School Gateway, submissions";
    PT_016 = "PT-016" Error [] ["schoolCode"]
        "Trường “{school}” không thuộc phạm vi của ứng dụng này." / "Kiểm tra mã trường; nếu đúng, đề nghị Sở cấp quyền cho trường này."
        | "The school “{school}” is not granted to this client." / "Check the school code; if it is right, ask the department to grant the school.",
        sheet "Tài khoản gửi tệp này không có quyền gửi dữ liệu của trường “{school}”." | "Whoever sent this file may not send records of the school “{school}”.",
        sheet_hint "Kiểm tra mã trường trong bảng; nếu đúng, đề nghị Sở cấp quyền gửi dữ liệu cho trường này." | "Check the school code in the sheet; if it is right, ask the department to grant the school."; "School Gateway, grants";
    PT_017 = "PT-017" Error [] []
        "Dài {found:n} ký tự, tối đa {limit:n}." / "Rút gọn nội dung."
        | "{found:n} characters, at most {limit:n}." / "Shorten the text."; "School Gateway, resources";
    PT_018 = "PT-018" Error [] []
        "Giá trị {value:n} ngoài khoảng {minimum:n} đến {maximum:n}." / "Kiểm tra số liệu và đơn vị."
        | "{value:n} is outside {minimum:n} to {maximum:n}." / "Check the figure and its unit."; "School Gateway, resources";
    PT_019 = "PT-019" Error [] []
        "Mã riêng “{value}” của ứng dụng {client} trong danh mục {list} {outcome}{code}." / "Nếu chưa đúng, kiểm tra mã đã gửi, hoặc đề nghị Sở bổ sung bảng chuyển mã {list} của ứng dụng."
        | "The code “{value}” of the client {client} for the list {list} {outcome}{code}." / "If that is wrong, look at the code that was sent, or ask the department to complete the client's crosswalk of {list}.",
        sheet "Mã riêng “{value}” của phần mềm trường {outcome}{code}." | "The code “{value}” of the school's own program {outcome}{code}.",
        sheet_hint "Nếu chưa đúng, kiểm tra mã trong ô, hoặc đề nghị Sở bổ sung bảng chuyển mã." | "If that is wrong, look at the code in the cell, or ask the department to complete the crosswalk."; "School Gateway, crosswalks";
    PT_020 = "PT-020" Error [] []
        "Cơ sở dữ liệu không nhận bản ghi này ({constraint})." / "Kiểm tra các giá trị phải là duy nhất, ví dụ số định danh cá nhân; nếu vẫn lỗi, báo cho đơn vị vận hành."
        | "The database does not take this record ({constraint})." / "Look at values that must be unique, such as the citizen id; if it fails again, tell the operator.",
        sheet "Hệ thống không lưu được bản ghi này." | "The gateway could not keep this record.",
        sheet_hint "Kiểm tra các giá trị chỉ được dùng một lần, ví dụ số định danh cá nhân; nếu vẫn lỗi, báo cho đơn vị vận hành." | "Look at values that must be unique, such as the citizen number; if it fails again, tell the operator."; "School Gateway, submissions";
    PT_021 = "PT-021" Warning ["campuses", "classes", "enrollments", "teaching-assignments", "subject-results", "academic-records", "facility-returns"] ["classCode", "campusCode", "combinedWithClassCode"] "Mã “{value}” chỉ khác mã đã có “{nearest}” ở chữ hoa, khoảng trắng hoặc từ đi kèm." / "Nếu là một, dùng mã “{nearest}”; nếu đúng là hai lớp hoặc hai điểm trường khác nhau thì giữ nguyên."
        | "The code “{value}” differs from “{nearest}”, which is there, only in case, spaces or a word beside it." / "If they are one, use “{nearest}”; if they really are two classes or campuses, leave it."; "School Gateway, codes", needs "campuses" "classes";
    PT_022 = "PT-022" Error [] [] "Hệ thống gặp lỗi khi kiểm tra bản ghi này nên không lưu; đây là lỗi của hệ thống, không phải của dữ liệu." / "Báo cho đơn vị vận hành mã yêu cầu hoặc mã lần gửi; gửi lại bản ghi này khi lỗi đã được khắc phục."
        | "The gateway failed while it judged this record, and did not keep it; the fault is the gateway's, not the data's." / "Tell the operator the request id or the id of the submission; send the record again when the fault is mended.",
        sheet "Hệ thống gặp lỗi khi kiểm tra hàng này nên không lưu; đây là lỗi của hệ thống, không phải của dữ liệu." | "The gateway failed while it judged this row, and did not keep it; the fault is the gateway's, not the data's.",
        sheet_hint "Báo cho đơn vị vận hành tên tệp và giờ gửi; gửi lại hàng này khi lỗi đã được khắc phục." | "Tell the operator the name of the file and when it was sent; send the row again when the fault is mended."; "School Gateway, submissions";
    PT_023 = "PT-023" Error [] []
        "Bản ghi này còn {count:n} lỗi hoặc cảnh báo khác không liệt kê; chỉ liệt kê {limit:n} mục đầu." / "Sửa các lỗi đã liệt kê rồi gửi lại để xem các lỗi còn lại."
        | "The record has {count:n} further {count?fault:faults} not listed; the first {limit:n} are." / "Mend those that are listed and send the record again to see the others.",
        sheet "Hàng này còn {count:n} lỗi hoặc cảnh báo khác không liệt kê; chỉ liệt kê {limit:n} mục đầu." | "The row has {count:n} further {count?fault:faults} not listed; the first {limit:n} are.",
        sheet_hint "Sửa các lỗi đã liệt kê rồi gửi lại tệp để xem các lỗi còn lại." | "Mend those that are listed and send the file again to see the others."; "School Gateway, submissions";
    PT_024 = "PT-024" Error [] []
        "Hệ thống đã bắt đầu xử lý lần gửi này {attempts} lần mà không xong nên dừng lại; {records:n} bản ghi chưa được xử lý và được tính là bị từ chối." / "Gửi lại các bản ghi đó với khóa Idempotency-Key mới; nếu vẫn dừng, báo cho đơn vị vận hành mã lần gửi."
        | "The gateway began this submission {attempts} times without getting to its end and gave it up; {records:n} {records?record was:records were} not judged and {records?counts:count} as rejected." / "Send those records again under a new idempotency key; if it is given up again, tell the operator the id of the submission.",
        sheet_hint "Gửi lại tệp; nếu vẫn dừng, báo cho đơn vị vận hành mã lần gửi." | "Send the file again; if it is given up again, tell the operator the id of the submission."; "School Gateway, submissions";
    PT_025 = "PT-025" Error [] []
        "Lần kiểm tra thử này có nhiều bản ghi hơn mức bộ nhớ cho phép ({limit}) nên dừng lại; {records:n} bản ghi được tính là bị từ chối, không bản ghi nào được lưu." / "Chia thành nhiều lần kiểm tra nhỏ hơn, ví dụ mỗi lần một trường."
        | "This dry run has more records than the memory for them holds ({limit}) and was ended; {records:n} {records?record counts:records count} as rejected, none was kept." / "Send it in smaller parts, a school at a time for instance."; "School Gateway, submissions";
    RC_003 = "RC-003" Error [] []
        "Bộ dữ liệu này sẽ xóa {removals:n} trong {stored:n} bản ghi {resource} đang lưu của trường {school}; trên {percent} % thì phải xác nhận, và số xác nhận phải đúng." / "Kiểm tra xem có gửi thiếu không; nếu đúng là cần xóa, gửi lại với confirmRemovals={removals}."
        | "This set would remove {removals:n} of the {stored:n} stored records of {resource} of the school {school}; more than {percent} % must be confirmed, and a number given must be exact." / "See whether the set is whole; if they are to go, send it again with confirmRemovals={removals}.",
        sheet "Tệp này sẽ xóa {removals:n} trong {stored:n} bản ghi “{resource:resource}” đang lưu của trường {school}; trên {percent} % thì phải xác nhận đúng số bản ghi bị xóa." | "This file would remove {removals:n} of the {stored:n} stored records of “{resource:resource}” of the school {school}; more than {percent} % must be confirmed by their exact number.",
        sheet_hint "Kiểm tra xem tệp có thiếu hàng không; nếu đúng là cần xóa, gửi lại và xác nhận số {removals:n}." | "See whether rows are missing; if they are to go, send the file again and confirm the number {removals:n}."; "School Gateway, replacements";
    RC_004 = "RC-004" Error [] []
        "Bản ghi không thuộc bộ dữ liệu được thay: {what} là “{value}”, cần “{expected}”." / "Bộ dữ liệu thay thế chỉ gồm bản ghi của đúng loại, trường và năm học đã nêu; gửi bản ghi này riêng."
        | "The record is none of the set being replaced: its {what} is “{value}”, expected “{expected}”." / "A replacement holds only records of the resource, school and school year that it names; send this one by itself.",
        sheet "Hàng này không thuộc dữ liệu được thay: {what} là “{value}”, cần “{expected}”." | "The row is none of the set being replaced: its {what} is “{value}”, expected “{expected}”.",
        sheet_hint "Tệp thay thế chỉ gồm dữ liệu của đúng trường và năm học đã chọn; gửi hàng này bằng tệp khác." | "A replacement holds only records of the school and school year that were chosen; send this row in another file."; "School Gateway, replacements";
    RC_005 = "RC-005" Error [] []
        "Không thay được bộ dữ liệu: {rejected:n} trong {received:n} bản ghi bị từ chối, nên không lưu và không xóa bản ghi nào." / "Sửa các bản ghi bị từ chối rồi gửi lại toàn bộ."
        | "The set was not replaced: {rejected:n} of {received:n} records {rejected?was:were} rejected, so nothing was stored and nothing removed." / "Mend the rejected records and send the whole set again.",
        sheet "Không thay được bộ dữ liệu: {rejected:n} trong {received:n} hàng bị từ chối, nên không lưu và không xóa gì." | "The set was not replaced: {rejected:n} of {received:n} rows {rejected?was:were} rejected, so nothing was stored and nothing removed.",
        sheet_hint "Sửa các hàng bị từ chối rồi gửi lại toàn bộ tệp." | "Mend the rejected rows and send the whole file again."; "School Gateway, replacements";
}
