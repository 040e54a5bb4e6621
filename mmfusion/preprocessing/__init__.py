"""Chapter 2's cleaning and normalising of video, sound and text."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    characters=["strip_emoji", "strip_numbers", "strip_punctuation", "strip_urls"],
    cropping=["crop_box", "crop_centre", "crop_letterbox", "find_letterbox"],
    decoding=["decode_sound"],
    denoising=["denoise_bilateral", "denoise_median", "denoise_nlmeans"],
    echo=["add_echo", "find_echo", "remove_echo"],
    encoding=["decode_text", "mend_mojibake"],
    faces=["crop_face", "crop_mouth", "find_face"],
    filters=["band_pass", "de_emphasise", "high_pass", "low_pass", "pre_emphasise"],
    frame_picking=["pick_changes", "pick_evenly", "pick_scenes"],
    frame_rate=["change_frame_rate"],
    framing=["frame_sound"],
    loudness=["loudness_lufs", "normalise_loudness"],
    low_light=["correct_gamma", "equalise_light"],
    markup=["strip_markup"],
    moments=["Moments"],
    parts_of_speech=["lemmatise", "tag_words"],
    resampling=["resample"],
    scaling=["Scaling", "fit_min_max", "fit_robust", "fit_z_score"],
    sound_denoising=["denoise_gate", "denoise_wiener"],
    stabilisation=["estimate_motion", "stabilise"],
    text_cleaning=["TextCleaning"],
    voice_activity=["find_voice_by_energy", "find_voice_by_silero", "find_voice_by_webrtc"],
    words=["leave_out_stop_words", "part_words", "stem_words"],
)
