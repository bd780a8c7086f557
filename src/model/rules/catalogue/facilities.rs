//! FA: facilities.

crate::rules! {
    FA_001 = "FA-001" Error ["facility-returns"] [] "Số liệu {value} ngoài khoảng hợp lý {minimum} đến {maximum}." / "Kiểm tra số liệu và đơn vị đo (m², chiếc, phòng)."
        | "The figure {value} is outside the plausible {minimum} to {maximum}." / "Check the figure and its unit (m², pieces, rooms)."; "School Gateway, limits of facility returns";
}
